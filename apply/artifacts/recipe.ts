import type { Artifact, ArtifactGroup } from './artifact-index';

/** A folder of `go/`: one Go module that pins, with go.mod and go.sum, everything it builds. */
export type GoModule =
  | 'kubernetes'
  | 'etcd'
  | 'coredns'
  | 'containerd'
  | 'runc'
  | 'cni-plugins'
  | 'cilium'
  | 'metrics-server'
  | 'kubeconform'
  | 'kube-score';

/** A program built from a Go package. Static, without cgo unless `cgo` says so. */
export interface GoProgram {
  readonly from: 'go';
  readonly module: GoModule;
  readonly package: string;
  /** Linker variables that set the version where upstream's own build sets it. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  /** Links C code statically, position independent. */
  readonly cgo?: boolean;
}

/** A static program compiled from one C file of a Go module. */
export interface CProgram {
  readonly from: 'c';
  readonly module: GoModule;
  /** Go module path that holds the file. */
  readonly modulePath: string;
  readonly file: string;
  readonly defines: Readonly<Record<string, string>>;
}

/** A program taken out of a Debian package. */
export interface DebianProgram {
  readonly from: 'debian';
  readonly package: string;
  readonly file: string;
}

/** Where a program comes from. */
export type Program = GoProgram | CProgram | DebianProgram;

/** A Debian system made of the essential packages and those named here, with Debian's security updates. */
export interface DebianRoot {
  readonly packages: readonly string[];
  /** Whether the packages and their dependencies are only unpacked, without the essential ones. @default false */
  readonly unpackedOnly?: boolean;
  /** Packages that come as dependencies and are taken away again. */
  readonly purge?: readonly string[];
}

/** A folder of a Go module that is copied in. */
export interface ModuleTree {
  readonly module: GoModule;
  readonly modulePath: string;
  readonly folder: string;
  /** Paths below the folder that are left out. */
  readonly except?: readonly string[];
}

/** What lies in an image's root. Paths are absolute, as seen inside. */
export interface ImageRoot {
  readonly programs: Readonly<Record<string, Program>>;
  /** Symbolic links: path to target. */
  readonly links?: Readonly<Record<string, string>>;
  /** @default none: only the programs, /etc/passwd and /etc/group */
  readonly debian?: DebianRoot;
  readonly trees?: Readonly<Record<string, ModuleTree>>;
}

/** The part of an image's configuration that we set. */
export interface ImageConfig {
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** `uid` or `uid:gid`. @default 0, which kubeadm's static pods expect */
  readonly user?: string;
}

interface RecipeBase {
  readonly name: string;
  readonly version: string;
  readonly origin: string;
  readonly group?: ArtifactGroup;
  readonly roles?: Artifact['roles'];
  /** Measured on two cores with an empty Go build cache, the recipes before it done. */
  readonly expectedSeconds: number;
}

/** How a node's program is made. */
export interface BinaryRecipe extends RecipeBase {
  readonly kind: 'binary';
  readonly program: Program;
  /** Absolute path on the node. */
  readonly install: string;
}

/** How an image is made. */
export interface ImageRecipe extends RecipeBase {
  readonly kind: 'image';
  readonly reference: string;
  readonly root: ImageRoot;
  readonly config: ImageConfig;
}

/** How one artifact is made. */
export type Recipe = BinaryRecipe | ImageRecipe;

/** Runs without privileges: the id that distroless images call `nonroot`. */
export const nonroot = '65532:65532';

/** Every program of a recipe. */
export function programsOf(recipe: Recipe): Program[] {
  return recipe.kind === 'binary' ? [recipe.program] : Object.values(recipe.root.programs);
}

/** The Go modules that recipes are built from, in name order. */
export function modulesOf(recipes: readonly Recipe[]): GoModule[] {
  const modules = recipes.flatMap((recipe) => [
    ...programsOf(recipe).flatMap((program) => (program.from === 'debian' ? [] : [program.module])),
    ...(recipe.kind === 'image' ? Object.values(recipe.root.trees ?? {}).map((tree) => tree.module) : []),
  ]);
  return [...new Set(modules)].sort();
}
