using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using GrainKube.Hosting;
using GrainKube.Server.Tests.Kubectl;

namespace GrainKube.Server.Tests.Clusters;

/// <summary>A one-node cluster of the real executable on the real engine, with a data directory, port, node name and network of its own. All of it is gone afterwards.</summary>
internal sealed class ServerCluster : IAsyncDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("grainkube-server-");
    private readonly string[] arguments;
    private GrainkubeProcess? process;

    private ServerCluster(string[] arguments)
    {
        this.arguments = arguments;
        NodeName = "t-" + Guid.NewGuid().ToString("N")[..8];
        PodCidr = TestRanges.Pods();
        ServiceCidr = TestRanges.Services();
        Port = LoopbackPorts.Next();
    }

    public string NodeName { get; }

    public string PodCidr { get; }

    public string ServiceCidr { get; }

    public int Port { get; }

    /// <summary>Where Ingress takes HTTP; "0" where it does not, which is so unless a test asks for it.</summary>
    public string IngressHttpPort { get; private init; } = "0";

    public string IngressHttpsPort { get; private init; } = "0";

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{Port}"));

    public string DataDirectory => System.IO.Path.Combine(directory.FullName, "data");

    public string Kubeconfig => System.IO.Path.Combine(DataDirectory, "admin.kubeconfig");

    public string Log => process?.Log ?? "";

    /// <summary>A client with the administrator's certificate.</summary>
    public HttpClient Http { get; private set; } = new();

    /// <summary>Starts one and waits until its node is Ready.</summary>
    /// <param name="arguments">More of the command line.</param>
    public static Task<ServerCluster> StartAsync(params string[] arguments) => StartAsync(new ServerCluster(arguments));

    /// <summary>Starts one with doors for Ingress.</summary>
    public static Task<ServerCluster> StartWithIngressAsync(params string[] arguments) => StartAsync(new ServerCluster(arguments)
    {
        IngressHttpPort = LoopbackPorts.Next().ToString(CultureInfo.InvariantCulture),
        IngressHttpsPort = LoopbackPorts.Next().ToString(CultureInfo.InvariantCulture),
    });

    private static async Task<ServerCluster> StartAsync(ServerCluster cluster)
    {
        await TestImage.EnsureAsync();
        try
        {
            await cluster.StartProcessAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the process, again where it was stopped or killed, and waits until the node is Ready.</summary>
    /// <param name="instead">What takes the place of the command line's further arguments, this time only; none leaves them as they are.</param>
    public async Task StartProcessAsync(params string[] instead)
    {
        process = GrainkubeProcess.Start(
            [
                "server", "--data-dir", DataDirectory, "--port", Port.ToString(CultureInfo.InvariantCulture), "--node-name", NodeName, "--pod-cidr", PodCidr,
                "--service-cidr", ServiceCidr, "--ingress-http-port", IngressHttpPort, "--ingress-https-port", IngressHttpsPort, .. instead.Length > 0 ? instead : arguments,
            ]);
        await Eventually.TrueAsync(IsReadyAsync, "the server's /readyz");
        await Eventually.TrueAsync(IsNodeReadyAsync, "the node's Ready condition");
    }

    /// <returns>How long it took, and its exit code.</returns>
    public async Task<(TimeSpan Took, int ExitCode)> StopProcessAsync()
    {
        var took = await process!.StopAsync();
        return (took, process.ExitCode);
    }

    public Task KillProcessAsync() => process!.KillAsync();

    /// <summary>kubectl of this version in this namespace.</summary>
    public KubectlClient Kubectl(string version, string ns = "default") => new(KubectlBinaries.PathOf(version), Kubeconfig, ns);

    /// <summary>The newest kubectl there is, in this namespace.</summary>
    public KubectlClient Kubectl() => Kubectl(KubectlBinaries.Newest);

    /// <summary>A namespace of one test; it is deleted with the cluster.</summary>
    public async Task<string> NewNamespaceAsync()
    {
        var name = "ns-" + Guid.NewGuid().ToString("N")[..8];
        using var answer = await Http.PostAsJsonAsync(new Uri("/api/v1/namespaces", UriKind.Relative), new { apiVersion = "v1", kind = "Namespace", metadata = new { name } });
        answer.EnsureSuccessStatusCode();
        await Kubectl(KubectlBinaries.Newest, name).UntilAsync("serviceaccount/default", "{.metadata.name}", "default");
        return name;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (process is not null)
            {
                await process.StopAsync();
                await process.DisposeAsync();
            }
        }
        finally
        {
            Http.Dispose();
            await Engine.RemoveNodeAsync(NodeName);
            await ServiceRules.RemoveAsync(NodeName);
            await UnmountVolumesAsync();
            directory.Delete(recursive: true);
        }
    }

    // Pods that were left running had volumes in memory.
    private async Task UnmountVolumesAsync()
    {
        foreach (var mount in (await File.ReadAllLinesAsync("/proc/mounts")).Select(line => line.Split(' ')[1]).Where(path => path.StartsWith(directory.FullName + "/", StringComparison.Ordinal)))
        {
            await Command.RunAsync("umount", [mount]);
        }
    }

    private async Task<bool> IsReadyAsync()
    {
        if (process!.HasExited)
        {
            throw new InvalidOperationException($"grainkube ended with {process.ExitCode}:\n{process.Log}");
        }

        if (!process.Log.Contains("grainkube: ready", StringComparison.Ordinal))
        {
            return false;
        }

        Http = AdminClient.For(Kubeconfig, Address);
        using var answer = await Http.GetAsync(new Uri("/readyz", UriKind.Relative));
        return answer.StatusCode == HttpStatusCode.OK;
    }

    private async Task<bool> IsNodeReadyAsync()
    {
        var node = await Kubectl().RunAsync("get", "nodes", NodeName, "-o", "jsonpath={.status.conditions[?(@.type==\"Ready\")].status}");
        return node.Output == "True";
    }
}
