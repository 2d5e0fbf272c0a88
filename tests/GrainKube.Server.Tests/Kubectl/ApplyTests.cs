using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Kubectl;

public sealed class ApplyTests(SharedCluster shared) : KubectlTest(shared)
{
    private const string Settings = """
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: settings, labels: { tier: web } }
        data: { colour: red, size: large }
        """;

    [Theory, MemberData(nameof(Versions))]
    public async Task Apply_creates_changes_and_takes_fields_away(string version)
    {
        var kubectl = await NewAsync(version);

        Assert.Equal("configmap/settings created\n", await kubectl.ApplyAsync(Settings));
        Assert.Equal("configmap/settings unchanged\n", await kubectl.ApplyAsync(Settings));
        await kubectl.OkAsync("annotate", "configmap", "settings", "of=another");
        Assert.Equal("configmap/settings configured\n", await kubectl.ApplyAsync(Settings.Replace(", size: large", "", StringComparison.Ordinal).Replace("red", "blue", StringComparison.Ordinal)));
        Assert.Equal("""{"colour":"blue"}""", await kubectl.GetAsync("configmap/settings", "{.data}"));
        Assert.Equal("another", await kubectl.GetAsync("configmap/settings", "{.metadata.annotations.of}"));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Apply_merges_lists_by_their_key(string version)
    {
        var kubectl = await NewAsync(version);
        var manifest = Sample.Deployment("web", 0);
        await kubectl.ApplyAsync(manifest);
        await kubectl.OkAsync("patch", "deployment", "web", "-p", """{"spec":{"template":{"spec":{"containers":[{"name":"sidecar","image":"side"}]}}}}""");

        await kubectl.ApplyAsync(manifest.Replace("name: web\n        image", "name: web\n        workingDir: /tmp\n        image", StringComparison.Ordinal).Replace("replicas: 0", "replicas: 0\n  minReadySeconds: 3", StringComparison.Ordinal));

        var containers = await kubectl.GetAsync("deployment/web", "{.spec.template.spec.containers[*].name} {.spec.minReadySeconds}");
        Assert.Equal(["3", "sidecar", "web"], containers.Split(' ').Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Apply_of_what_is_wrong_names_the_field(string version)
    {
        var kubectl = await NewAsync(version);

        var unknown = (await kubectl.RunWithAsync(Sample.Deployment("web", 1).Replace("replicas", "replicsa", StringComparison.Ordinal), "apply", "-f", "-")).Fails();
        Assert.Contains("""unknown field "spec.replicsa""", unknown, StringComparison.Ordinal);

        var invalid = (await kubectl.RunWithAsync(Sample.Deployment("web", -1), "apply", "-f", "-")).Fails();
        Assert.Contains("""The Deployment "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0""", invalid, StringComparison.Ordinal);

        var type = (await kubectl.RunWithAsync(Sample.Deployment("web", 1).Replace("replicas: 1", "replicas: many", StringComparison.Ordinal), "apply", "-f", "-")).Fails();
        Assert.Contains("spec.replicas", type, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Diff_shows_what_apply_would_change(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.ApplyAsync(Settings);

        Assert.Equal(0, (await kubectl.RunWithAsync(Settings, "diff", "-f", "-")).ExitCode);
        var changed = await kubectl.RunWithAsync(Settings.Replace("red", "green", StringComparison.Ordinal), "diff", "-f", "-");

        Assert.Equal(1, changed.ExitCode);
        Assert.Contains("-  colour: red\n+  colour: green\n", changed.Output, StringComparison.Ordinal);
        Assert.Equal("red", await kubectl.GetAsync("configmap/settings", "{.data.colour}"));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Server_side_dry_run_changes_nothing(string version)
    {
        var kubectl = await NewAsync(version);

        Assert.Equal("configmap/settings created (server dry run)\n", await kubectl.ApplyAsync(Settings, "--dry-run=server"));

        Assert.Contains("NotFound", await kubectl.FailsAsync("get", "configmap", "settings"), StringComparison.Ordinal);
    }
}
