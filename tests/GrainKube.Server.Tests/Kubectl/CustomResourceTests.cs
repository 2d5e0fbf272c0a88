using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Kubectl;

public sealed class CustomResourceTests(SharedCluster shared) : KubectlTest(shared)
{
    [Theory, MemberData(nameof(Versions))]
    public async Task A_kind_that_is_defined_is_used_like_any_other(string version)
    {
        var kubectl = await NewAsync(version);
        var group = $"{kubectl.Namespace}.example.com";
        await kubectl.ApplyAsync($$"""
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: { name: trees.{{group}} }
            spec:
              group: {{group}}
              scope: Namespaced
              names: { plural: trees, kind: Tree, shortNames: [tr{{kubectl.Namespace.Replace("-", "", StringComparison.Ordinal)}}] }
              versions:
              - name: v1
                served: true
                storage: true
                subresources: { status: {}, scale: { specReplicasPath: .spec.height, statusReplicasPath: .status.height } }
                additionalPrinterColumns: [{ name: Height, type: integer, jsonPath: .spec.height }]
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        description: What the tree shall be.
                        type: object
                        properties:
                          height: { type: integer, minimum: 1, description: In metres. }
                          kind: { type: string, default: oak }
                      status: { type: object, properties: { height: { type: integer } } }
            """);
        await kubectl.OkAsync("wait", "--for=condition=Established", "--timeout=180s", $"crd/trees.{group}");
        var tree = $$"""
            apiVersion: {{group}}/v1
            kind: Tree
            metadata: { name: one }
            spec: { height: 3 }
            """;
        var created = await Eventually.GetAsync( // a moment may pass before what is established is served
            () => kubectl.RunWithAsync(tree, "apply", "-f", "-"), answer => answer.ExitCode == 0, "a tree");
        Assert.Equal($"tree.{group}/one created\n", created.Output);
        Assert.Equal($"tree.{group}/one unchanged\n", await kubectl.ApplyAsync(tree));
        Assert.Equal($"tree.{group}/one configured\n", await kubectl.ApplyAsync(tree.Replace("height: 3", "height: 4", StringComparison.Ordinal)));
        Assert.Contains("HEIGHT", await kubectl.OkAsync("get", $"tr{kubectl.Namespace.Replace("-", "", StringComparison.Ordinal)}"), StringComparison.Ordinal);
        Assert.Equal("4 oak", await kubectl.GetAsync($"trees.{group}/one", "{.spec.height} {.spec.kind}"));
        Assert.Contains("In metres.", await kubectl.OkAsync("explain", $"trees.{group}.spec.height".Replace($".{group}", "", StringComparison.Ordinal), $"--api-version={group}/v1"), StringComparison.Ordinal);
        await kubectl.OkAsync("scale", "--replicas=7", $"trees.{group}/one");
        Assert.Equal("7", await kubectl.GetAsync($"trees.{group}/one", "{.spec.height}"));
        Assert.Contains("should be greater than or equal to 1", (await kubectl.RunWithAsync(tree.Replace("height: 3", "height: 0", StringComparison.Ordinal), "apply", "-f", "-")).Fails(), StringComparison.Ordinal);
        Assert.Contains("unknown field \"spec.width\"", (await kubectl.RunWithAsync(tree.Replace("height: 3", "width: 3", StringComparison.Ordinal), "apply", "-f", "-")).Fails(), StringComparison.Ordinal);
        await kubectl.ApplyAsync(tree, "--server-side", "--force-conflicts");
        await kubectl.OkAsync("delete", "crd", $"trees.{group}", "--timeout=180s");
        await kubectl.FailsAsync("get", $"trees.{group}");
    }
}
