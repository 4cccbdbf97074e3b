// What Pulumi's engine runs for `plugins.providers` in Pulumi.yaml; the provider itself is compiled.
require('../../build/stacks/provider/main.js');
