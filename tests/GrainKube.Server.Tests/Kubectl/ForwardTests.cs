using System.Globalization;
using System.Text.RegularExpressions;
using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Kubectl;

public sealed partial class ForwardTests(SharedCluster shared) : KubectlTest(shared)
{
    private const string Serving = "mkdir -p /www; echo hello >/www/index.html; httpd -p 8080 -h /www; httpd -p 127.0.0.1:8081 -h /www; " + Sample.Idle;

    [Theory, MemberData(nameof(Versions))]
    public async Task Ports_of_a_pod_are_forwarded_also_those_of_its_loopback(string version)
    {
        var kubectl = await ServingAsync(version);
        await using var forward = await ForwardAsync(kubectl, "pod/web", 8080, 8081);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => GetAsync(forward.Ports[i % 2])));
        Assert.All(answers, text => Assert.Equal("hello\n", text));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task A_port_where_nobody_listens_is_told_to_the_user(string version)
    {
        var kubectl = await ServingAsync(version);
        await using var forward = await ForwardAsync(kubectl, "pod/web", 8099);

        await Assert.ThrowsAnyAsync<Exception>(() => GetAsync(forward.Ports[0]));
        await Eventually.TrueAsync(() => Task.FromResult(forward.Error.Contains("error forwarding port 8099 to pod", StringComparison.Ordinal)), "the reason");
        Assert.Contains("connection refused", forward.Error, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Files_are_copied_in_and_out(string version)
    {
        var kubectl = await ServingAsync(version);
        var folder = Directory.CreateTempSubdirectory("grainkube-cp-");
        try
        {
            var (there, back) = (Path.Combine(folder.FullName, "there"), Path.Combine(folder.FullName, "back"));
            var content = new byte[700_000];
            Random.Shared.NextBytes(content);
            await File.WriteAllBytesAsync(there, content);

            await kubectl.OkAsync("cp", there, "web:/tmp/copied");
            await kubectl.OkAsync("cp", "web:/tmp/copied", back);

            Assert.Equal(content, await File.ReadAllBytesAsync(back));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task A_pod_run_with_input_is_attached_to_and_removed(string version)
    {
        var kubectl = await NewAsync(version);
        var ran = await kubectl.RunWithAsync("hi there\n", "run", "-i", "--rm", "echo", $"--image={Sample.Image}", "--restart=Never", "--", "cat");

        Assert.Contains("hi there", ran.Ok(), StringComparison.Ordinal);
        Assert.Contains("NotFound", await kubectl.FailsAsync("get", "pod", "echo"), StringComparison.Ordinal);
    }

    private async Task<KubectlClient> ServingAsync(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.ApplyAsync(Sample.Pod("web", Serving));
        await kubectl.OkAsync("wait", "--for=condition=Ready", "pod/web", "--timeout=180s");
        await Eventually.GetAsync(() => kubectl.OkAsync("logs", "web"), text => text.Contains("started", StringComparison.Ordinal), "its servers listen");
        return kubectl;
    }

    private static async Task<string> GetAsync(int port)
    {
        // A connection of its own for each.
        using var client = new HttpClient { Timeout = Eventually.Bound };
        return await client.GetStringAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")));
    }

    private static async Task<Forward> ForwardAsync(KubectlClient kubectl, string target, params int[] ports)
    {
        var forward = new Forward(kubectl, target, ports);
        await Eventually.TrueAsync(() => Task.FromResult(forward.Ports.Count == ports.Length || forward.HasExited), "kubectl listens");
        Assert.False(forward.HasExited, forward.Error);
        return forward;
    }

    private sealed partial class Forward : IAsyncDisposable
    {
        private readonly System.Diagnostics.Process process;
        private readonly Lock gate = new();
        private readonly List<int> ports = [];
        private readonly System.Text.StringBuilder error = new();

        public Forward(KubectlClient kubectl, string target, int[] wanted)
        {
            var pairs = wanted.Select(port => string.Create(CultureInfo.InvariantCulture, $":{port}"));
            process = Command.Start(kubectl.Program, [.. kubectl.Base, "port-forward", "--address=127.0.0.1", target, .. pairs]);
            process.OutputDataReceived += (_, line) => Add(line.Data ?? "");
            process.ErrorDataReceived += (_, line) => AddError(line.Data ?? "");
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public bool HasExited => process.HasExited;

        public IReadOnlyList<int> Ports
        {
            get
            {
                lock (gate)
                {
                    return [.. ports];
                }
            }
        }

        public string Error
        {
            get
            {
                lock (gate)
                {
                    return error.ToString();
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            await process.WaitForExitAsync();
            process.Dispose();
        }

        private void Add(string line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                lock (gate)
                {
                    ports.Add(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
                }
            }
        }

        private void AddError(string line)
        {
            lock (gate)
            {
                error.AppendLine(line);
            }
        }

        [GeneratedRegex("^Forwarding from 127.0.0.1:([0-9]+)")]
        private static partial Regex Listening();
    }
}
