using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Kubectl;

public sealed class RolloutTests(SharedCluster shared) : KubectlTest(shared)
{
    [Theory, MemberData(nameof(Versions))]
    public async Task A_rollout_is_followed_undone_paused_and_restarted(string version)
    {
        var kubectl = await NewAsync(version);
        var first = Sample.Deployment("web", 2);
        await kubectl.ApplyAsync(first);
        Assert.Contains("deployment \"web\" successfully rolled out\n", await DoneAsync(kubectl), StringComparison.Ordinal);

        await kubectl.ApplyAsync(first.Replace("echo started", "echo second", StringComparison.Ordinal));
        await DoneAsync(kubectl);
        Assert.Equal("deployment.apps/web \nREVISION  CHANGE-CAUSE\n1         <none>\n2         <none>\n\n", await kubectl.OkAsync("rollout", "history", "deployment/web"));
        Assert.Contains("echo second", await kubectl.OkAsync("rollout", "history", "deployment/web", "--revision=2"), StringComparison.Ordinal);

        Assert.Equal("deployment.apps/web rolled back\n", await kubectl.OkAsync("rollout", "undo", "deployment/web"));
        await DoneAsync(kubectl);
        Assert.Contains("echo started", await kubectl.GetAsync("deployment/web", "{.spec.template.spec.containers[0].command[2]}"), StringComparison.Ordinal);
        Assert.Equal("deployment.apps/web \nREVISION  CHANGE-CAUSE\n2         <none>\n3         <none>\n\n", await kubectl.OkAsync("rollout", "history", "deployment/web"));

        await kubectl.OkAsync("rollout", "pause", "deployment/web");
        await kubectl.OkAsync("set", "env", "deployment/web", "CHANGED=yes");
        await kubectl.UntilAsync("deployment/web", "{.status.conditions[?(@.type==\"Progressing\")].reason}", "DeploymentPaused");
        Assert.Equal("2", await kubectl.GetAsync("deployment/web", "{.status.readyReplicas}"));
        await kubectl.OkAsync("rollout", "resume", "deployment/web");
        await DoneAsync(kubectl);

        Assert.Equal("deployment.apps/web restarted\n", await kubectl.OkAsync("rollout", "restart", "deployment/web"));
        await DoneAsync(kubectl);
        Assert.NotEqual("", await kubectl.GetAsync("deployment/web", "{.spec.template.metadata.annotations.kubectl\\.kubernetes\\.io/restartedAt}"));
        Assert.Equal("5", await kubectl.GetAsync("deployment/web", "{.metadata.annotations.deployment\\.kubernetes\\.io/revision}"));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task A_new_image_is_rolled_out(string version)
    {
        var kubectl = await NewAsync(version);
        await Engine.DockerAsync("tag", Sample.Image, "grainkube.local/server-test:2");
        await kubectl.ApplyAsync(Sample.Deployment("web", 1));
        await DoneAsync(kubectl);

        Assert.Equal("deployment.apps/web image updated\n", await kubectl.OkAsync("set", "image", "deployment/web", "web=grainkube.local/server-test:2"));
        await DoneAsync(kubectl);

        await Eventually.GetAsync(() => kubectl.OkAsync("get", "pods", "-o", "jsonpath={.items[*].spec.containers[0].image}"), images => images == "grainkube.local/server-test:2", "the new image alone");
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task A_rollout_that_does_not_progress_says_so(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.ApplyAsync(Sample.Deployment("web", 1).Replace("  replicas:", "  progressDeadlineSeconds: 2\n  replicas:", StringComparison.Ordinal).Replace("image: " + Sample.Image, "image: grainkube.local/none:1\n        imagePullPolicy: Never", StringComparison.Ordinal));

        var status = await kubectl.FailsAsync("rollout", "status", "deployment/web", "--timeout=180s");

        Assert.Equal("error: deployment \"web\" exceeded its progress deadline\n", status);
    }

    private static Task<string> DoneAsync(KubectlClient kubectl) => kubectl.OkAsync("rollout", "status", "deployment/web", "--timeout=180s");
}
