using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Kubectl;

public sealed class LogsAndExecTests(SharedCluster shared) : KubectlTest(shared)
{
    [Theory, MemberData(nameof(Versions))]
    public async Task Logs_are_read_by_tail_time_and_container(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.ApplyAsync(Sample.Pod("talker", "echo one; echo two; echo three; " + Sample.Idle.Replace("echo started", "true", StringComparison.Ordinal)));
        await kubectl.OkAsync("wait", "--for=condition=Ready", "pod/talker", "--timeout=180s");

        await Eventually.GetAsync(() => kubectl.OkAsync("logs", "talker"), text => text == "one\ntwo\nthree\n", "three lines");
        Assert.Equal("three\n", await kubectl.OkAsync("logs", "talker", "--tail=1"));
        Assert.Equal("one\n", (await kubectl.OkAsync("logs", "talker", "-c", "main", "--limit-bytes=4")));
        Assert.Matches("^20[0-9-]+T[0-9:.]+Z three\n$", await kubectl.OkAsync("logs", "talker", "--tail=1", "--timestamps"));
        Assert.Contains("three", await kubectl.OkAsync("logs", "talker", "--since=1h"), StringComparison.Ordinal);
        Assert.Equal("", await kubectl.OkAsync("logs", "talker", "--since-time=2099-01-01T00:00:00Z"));
        Assert.Contains("container nobody is not valid for pod talker", await kubectl.FailsAsync("logs", "talker", "-c", "nobody"), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Logs_are_followed_to_the_end_of_the_container(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.ApplyAsync(Sample.Pod("counter", "for i in 1 2 3 4; do echo $i; sleep 0.3; done", "  restartPolicy: Never"));
        await kubectl.UntilAsync("pod/counter", "{.status.phase}", phase => phase is "Running" or "Succeeded", "started");

        Assert.Equal("1\n2\n3\n4\n", await kubectl.OkAsync("logs", "-f", "counter"));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Logs_of_the_previous_container_remain(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.ApplyAsync(Sample.Pod("twice", "if [ -e /state/x ]; then echo second; sleep 600; fi; touch /state/x; echo first; exit 1", "    volumeMounts: [{ name: s, mountPath: /state }]\n  volumes: [{ name: s, emptyDir: {} }]"));
        await kubectl.UntilAsync("pod/twice", "{.status.containerStatuses[0].restartCount} {.status.containerStatuses[0].ready}", "1 true");

        Assert.Equal("first\n", await kubectl.OkAsync("logs", "-p", "twice"));
        await Eventually.GetAsync(() => kubectl.OkAsync("logs", "twice"), text => text == "second\n", "the second's log");
    }

    [Fact]
    public async Task Exec_carries_output_input_and_the_exit_code()
    {
        foreach (var version in KubectlBinaries.All)
        {
            var kubectl = await RunningAsync(version);

            var failing = await kubectl.RunAsync("exec", "it", "--", "sh", "-c", "echo out; echo err >&2; exit 3");
            Assert.Equal((3, "out\n"), (failing.ExitCode, failing.Output));
            Assert.Equal("err\ncommand terminated with exit code 3\n", failing.Error);

            var text = string.Concat(Enumerable.Repeat("0123456789abcdef\n", 20_000));
            Assert.Equal(text, (await kubectl.RunWithAsync(text, "exec", "-i", "it", "--", "cat")).Ok());
            var missing = await kubectl.RunAsync("exec", "it", "--", "/no/such");
            Assert.Equal(126, missing.ExitCode);
            Assert.Contains("no such file or directory", missing.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Exec_with_a_terminal_is_one()
    {
        foreach (var version in KubectlBinaries.All)
        {
            var kubectl = await RunningAsync(version);
            var line = string.Join(' ', new[] { kubectl.Program }.Concat(kubectl.Base).Concat(["exec", "-it", "it", "--", "sh", "-c", "'until stty size | grep -q 33; do sleep 0.1; done; stty size; exit 5'"]));

            var terminal = await Command.RunAsync("script", ["-qec", $"stty rows 33 cols 99; {line}", "/dev/null"], input: null);

            Assert.Contains("33 99", terminal.Output, StringComparison.Ordinal);
            Assert.Equal(5, terminal.ExitCode);
        }
    }

    private async Task<KubectlClient> RunningAsync(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.ApplyAsync(Sample.Pod("it", Sample.Idle));
        await kubectl.OkAsync("wait", "--for=condition=Ready", "pod/it", "--timeout=180s");
        return kubectl;
    }
}
