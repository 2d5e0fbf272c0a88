using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Kubectl;

public sealed class ChangeTests(SharedCluster shared) : KubectlTest(shared)
{
    [Theory, MemberData(nameof(Versions))]
    public async Task Patch_comes_in_three_kinds(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.ApplyAsync(Sample.Deployment("web", 0));

        await kubectl.OkAsync("patch", "deployment", "web", "-p", """{"spec":{"template":{"spec":{"containers":[{"name":"web","workingDir":"/tmp"}]}}}}""");
        await kubectl.OkAsync("patch", "deployment", "web", "--type=merge", "-p", """{"metadata":{"labels":{"app":null,"by":"merge"}}}""");
        await kubectl.OkAsync("patch", "deployment", "web", "--type=json", "-p", """[{"op":"test","path":"/metadata/labels/by","value":"merge"},{"op":"add","path":"/spec/paused","value":true}]""");

        Assert.Equal($$"""{"by":"merge"} true /tmp {{Sample.Image}}""", await kubectl.GetAsync("deployment/web", "{.metadata.labels} {.spec.paused} {.spec.template.spec.containers[0].workingDir} {.spec.template.spec.containers[0].image}"));
        Assert.Equal("deployment.apps/web patched (no change)\n", await kubectl.OkAsync("patch", "deployment", "web", "-p", """{"spec":{"paused":true}}"""));
        Assert.StartsWith("The request is invalid: the server rejected our request due to an error in our request", await kubectl.FailsAsync("patch", "deployment", "web", "--type=json", "-p", """[{"op":"test","path":"/metadata/labels/by","value":"x"}]"""), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Labels_and_annotations_are_set_and_taken(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.ApplyAsync(Sample.ConfigMap("it"));

        await kubectl.OkAsync("label", "cm", "it", "a=1", "b=2");
        Assert.Contains("already has a value (1), and --overwrite is false", await kubectl.FailsAsync("label", "cm", "it", "a=3"), StringComparison.Ordinal);
        await kubectl.OkAsync("label", "cm", "it", "--overwrite", "a=3", "b-");
        await kubectl.OkAsync("annotate", "cm", "it", "note=hello");

        Assert.Equal("""{"a":"3"} hello""", await kubectl.GetAsync("cm/it", "{.metadata.labels} {.metadata.annotations.note}"));
        Assert.Contains("a valid label must be", (await kubectl.FailsAsync("label", "cm", "it", "bad=-x-")), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Edit_writes_what_the_editor_left(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.ApplyAsync(Sample.ConfigMap("it"));

        var edited = await Command.RunAsync(kubectl.Program, [.. kubectl.Base, "edit", "cm", "it"], environment: new Dictionary<string, string> { ["KUBE_EDITOR"] = "sed -i s/value/edited/" });

        Assert.Equal("configmap/it edited\n", edited.Ok());
        Assert.Equal("edited", await kubectl.GetAsync("cm/it", "{.data.key}"));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Scale_changes_the_number_of_pods(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.ApplyAsync(Sample.Deployment("web", 1));

        Assert.Equal("deployment.apps/web scaled\n", await kubectl.OkAsync("scale", "deployment", "web", "--replicas=3"));
        await kubectl.UntilAsync("deployment/web", "{.status.readyReplicas}", "3");
        await kubectl.OkAsync("scale", "--current-replicas=3", "--replicas=1", "deployment/web");

        await Eventually.GetAsync(() => kubectl.OkAsync("get", "pods", "-o", "name"), pods => pods.Count(c => c == '\n') == 1, "one pod");
        Assert.Contains("Expected replicas to be 9, was 1", await kubectl.FailsAsync("scale", "--current-replicas=9", "--replicas=2", "deployment/web"), StringComparison.OrdinalIgnoreCase);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Replace_wants_the_version_that_was_read(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.ApplyAsync(Sample.ConfigMap("it"));
        var old = await kubectl.OkAsync("get", "cm", "it", "-o", "yaml");
        await kubectl.OkAsync("annotate", "cm", "it", "x=y");

        Assert.Contains("the object has been modified; please apply your changes to the latest version and try again", (await kubectl.RunWithAsync(old, "replace", "-f", "-")).Fails(), StringComparison.Ordinal);
        Assert.Equal("configmap/it replaced\n", (await kubectl.RunWithAsync(Sample.ConfigMap("it"), "replace", "-f", "-")).Ok());
    }
}
