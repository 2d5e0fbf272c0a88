using System.Globalization;
using System.Net;
using System.Net.Sockets;
using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.CommandLines;

public sealed class CommandLineTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("grainkube-flags-");

    [Theory]
    [InlineData("--store", "zookeeper")]
    [InlineData("--port", "99999")]
    [InlineData("--port", "many")]
    [InlineData("--bind", "nowhere")]
    [InlineData("--advertise-address", "nowhere")]
    [InlineData("--clustering", "gossip")]
    [InlineData("--clustering", "store")]
    [InlineData("--runtime", "chroot")]
    [InlineData("--simulated-nodes", "-1")]
    [InlineData("--pod-cidr", "10.0.0.0/99")]
    [InlineData("--cluster-cidr", "10.0.0.0/99")]
    [InlineData("--service-cidr", "10.0.0.0/29")]
    [InlineData("--service-proxy", "magic")]
    [InlineData("--no-such-flag", "1")]
    [InlineData("--controllers", "nobody")]
    [InlineData("--encryption-provider-config-automatic-reload", "true")]
    public async Task A_bad_flag_is_one_line_that_names_it_and_code_2(string flag, string value)
    {
        var result = await Command.RunAsync(GrainkubeProcess.Path, ["server", "--data-dir", directory.FullName, flag, value]);

        Assert.Equal(2, result.ExitCode);
        Assert.Matches($"{flag}|'{value}'", OneLine(result));
    }

    [Fact]
    public async Task A_command_that_is_not_there_is_one_line_and_code_2()
    {
        var result = await Command.RunAsync(GrainkubeProcess.Path, ["serve"]);

        Assert.Equal(2, result.ExitCode);
        OneLine(result);
    }

    [Fact]
    public async Task Help_is_no_mistake()
    {
        var result = await Command.RunAsync(GrainkubeProcess.Path, ["server", "--help"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("--data-dir", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_one_line_and_code_1()
    {
        using var taken = new TcpListener(IPAddress.Any, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var result = await ServerAsync("--no-node", "--port", port);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(port, OneLine(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_etcd_that_cannot_be_reached_is_one_line_and_code_1()
    {
        var result = await ServerAsync("--no-node", "--port", "0", "--store", "etcd=http://127.0.0.1:1");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("http://127.0.0.1:1", OneLine(result), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nonexistent.dll")]
    [InlineData("/etc/passwd")]
    [InlineData("xunit.core.dll")]
    public async Task An_extension_that_is_none_is_one_line_and_code_1(string file)
    {
        var result = await ServerAsync("--no-node", "--port", "0", "--extension", Path.Combine(AppContext.BaseDirectory, file));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"--extension {Path.Combine(AppContext.BaseDirectory, file)}: ", OneLine(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_cannot_be_reached_is_one_line_and_code_1()
    {
        var result = await ServerAsync(new Dictionary<string, string> { ["DOCKER_HOST"] = "unix:///nonexistent.sock" }, "--port", "0");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("nonexistent.sock", OneLine(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_written_is_one_line_and_code_1()
    {
        var file = Path.Combine(directory.FullName, "file");
        await File.WriteAllTextAsync(file, "");

        var result = await Command.RunAsync(GrainkubeProcess.Path, ["server", "--no-node", "--port", "0", "--data-dir", Path.Combine(file, "data")]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(file, OneLine(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_servers_cannot_share_a_data_directory()
    {
        await using var cluster = await ServerCluster.StartAsync("--runtime", "simulated");

        var result = await Command.RunAsync(GrainkubeProcess.Path, ["server", "--no-node", "--port", "0", "--data-dir", cluster.DataDirectory]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(cluster.DataDirectory, OneLine(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_keeps_its_secrets_and_ends_in_order()
    {
        await using var cluster = await ServerCluster.StartAsync();
        await cluster.Kubectl().ApplyAsync(Kubectl.Sample.Pod("it", Kubectl.Sample.Idle));
        await cluster.Kubectl().OkAsync("wait", "--for=condition=Ready", "pod/it", "--timeout=180s");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(cluster.Kubeconfig));
        Assert.All(Directory.GetFiles(Path.Combine(cluster.DataDirectory, "pki")), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        using var watch = Command.Start(cluster.Kubectl().Program, [.. cluster.Kubectl().Base, "get", "pods", "-w"]);
        await watch.StandardOutput.ReadLineAsync();
        var (took, code) = await cluster.StopProcessAsync();

        Assert.Equal(0, code);
        Assert.InRange(took.TotalSeconds, 0, 25); // a watch that held it up would do so for thirty
        var failures = cluster.Log.Split('\n').Where(line => line.Contains(" fail: ", StringComparison.Ordinal)).ToList();
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.Contains(await Engine.ContainersOfAsync(cluster.NodeName), container => container.Contains(" true ", StringComparison.Ordinal));
        watch.Kill();
    }

    public void Dispose() => directory.Delete(recursive: true);

    private Task<CommandResult> ServerAsync(params string[] arguments) => ServerAsync(new Dictionary<string, string>(), arguments);

    private Task<CommandResult> ServerAsync(Dictionary<string, string> environment, params string[] arguments) =>
        Command.RunAsync(GrainkubeProcess.Path, ["server", "--data-dir", Path.Combine(directory.FullName, "data"), .. arguments], environment: environment);

    private static string OneLine(CommandResult result)
    {
        Assert.StartsWith("grainkube: ", result.Error, StringComparison.Ordinal);
        var line = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("", result.Output);
        return line;
    }
}
