import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import semver from 'semver';
import { Cache, keyOf } from '../../../apply/artifacts/cache';
import { goModuleDirectory, readPins } from '../../../apply/artifacts/go-modules';
import { judges } from '../../../apply/artifacts/judges';
import { type GoProgram, programsOf } from '../../../apply/artifacts/recipe';
import { recipesOf } from '../../../apply/artifacts/recipes';
import { minimumGo } from '../../../apply/artifacts/toolchain';
import { imagesOf, releases } from '../../../lib/release';

const release = releases['1.36'];
const recipes = recipesOf(release);
const isGo = (program: { from: string }): program is GoProgram => program.from === 'go';
const programs = [
  ...recipes.flatMap((recipe) =>
    programsOf(recipe)
      .filter(isGo)
      .map((program) => ({ program, version: recipe.version })),
  ),
  ...Object.values(judges).map(({ program, version }) => ({ program: program as GoProgram, version })),
];

const goMod = (module: GoProgram['module']) => readFileSync(join(goModuleDirectory(module), 'go.mod'), 'utf8');

describe('recipes', () => {
  test.each(programs.map(({ program, version }) => [program.package, program, version] as const))(
    '%s is declared by its go.mod, at the version of the release',
    (path, program, version) => {
      const text = goMod(program.module);
      expect(text).toMatch(new RegExp(`^(tool )?\\s*${path}$`, 'm'));
      const required = [...text.matchAll(/^(?:require )?\s*(\S+) (v\S+)/gm)]
        .filter(([, module]) => path === module || path.startsWith(`${module}/`))
        .sort((a, b) => (b[1]?.length ?? 0) - (a[1]?.length ?? 0))[0];
      expect(required?.[2]).toBe(`v${version}`);
    },
  );

  test('the newest Go that a go.mod asks for is the one that we check for', () => {
    const versions = programs.map(({ program }) => /^go (\S+)$/m.exec(goMod(program.module))?.[1] ?? 'none');
    expect(semver.sort([...new Set(versions)]).at(-1)).toBe(minimumGo);
  });

  test('have names, files and references of their own', () => {
    const names = recipes.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const places = recipes.map((recipe) => (recipe.kind === 'image' ? recipe.reference : recipe.install));
    expect(new Set(places).size).toBe(places.length);
  });

  test('give an image to every reference of the release', () => {
    const references = recipes.map((recipe) => (recipe.kind === 'image' ? recipe.reference : ''));
    for (const reference of Object.values(imagesOf(release))) expect(references).toContain(reference);
  });

  test('keep what runs without need for root from running as root', () => {
    const users = Object.fromEntries(
      recipes.flatMap((each) => (each.kind === 'image' ? [[each.name, each.config.user]] : [])),
    );
    expect(users).toMatchObject({
      coredns: '65532:65532',
      'cilium-operator-generic': '65532:65532',
      pause: '65535:65535',
    });
  });
});

describe('the cache', () => {
  test('lies where the user says, then where the desktop standard says, then at home', () => {
    expect(new Cache('/given', { BULWARK_CACHE: '/b', XDG_CACHE_HOME: '/x' }).directory).toBe('/given');
    expect(new Cache(undefined, { BULWARK_CACHE: '/b', XDG_CACHE_HOME: '/x' }).directory).toBe('/b');
    expect(new Cache(undefined, { XDG_CACHE_HOME: '/x' }).directory).toBe('/x/bulwark');
    expect(new Cache(undefined, {}).directory).toMatch(/\/\.cache\/bulwark$/);
  });

  test('has a key that changes with each declaration and with where one ends', async () => {
    const pins = await readPins('runc');
    expect(pins).toHaveLength(2);
    expect(keyOf(['ab', 'c'])).not.toBe(keyOf(['a', 'bc']));
    expect(keyOf(pins)).not.toBe(keyOf([...pins].reverse()));
    expect(keyOf(pins)).toMatch(/^[0-9a-f]{12}$/);
  });
});
