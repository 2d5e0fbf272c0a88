using System.Text.Json.Nodes;
using GrainKube.Docker.Engine;
using GrainKube.Docker.Hosting;
using GrainKube.Docker.Images;
using GrainKube.Kubelet.Runtime;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GrainKube.Docker.Tests.Engine;

/// <summary>A node of its own on the real engine: its name, network and containers are nobody else's, and gone afterwards.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    /// <summary>Made here from the machine's static busybox; nothing is pulled.</summary>
    public const string Busybox = "grainkube.local/test-busybox:2";

    private static readonly string[] Applets =
        ["sh", "cat", "echo", "env", "false", "hostname", "httpd", "id", "ls", "nc", "ps", "sleep", "stty", "true", "wget", "yes", "head", "dd", "tr"];

    private readonly DockerOptions options = new() { Node = $"test-{Guid.NewGuid():N}"[..13] };
    private readonly DockerEngine engine;

    public EngineFixture()
    {
        engine = new DockerEngine(options, TimeProvider.System);
        Runtime = NewRuntime();
    }

    public IContainerRuntime Runtime { get; }

    public string PodCidr { get; private set; } = "";

    public string ImageId { get; private set; } = "";

    internal DockerEngine Engine => engine;

    /// <summary>Another process' view of the same node.</summary>
    /// <param name="endpoint">By what way it reaches the engine; empty for the usual.</param>
    public IContainerRuntime NewRuntime(string endpoint = "") => new DockerRuntime(
        Options.Create(endpoint.Length > 0 ? new DockerOptions { Node = options.Node, Endpoint = endpoint } : options), TimeProvider.System, NullLogger<DockerRuntime>.Instance);

    public async Task InitializeAsync()
    {
        ImageId = await EnsureBusyboxAsync();
        for (var tries = 1; ; tries++)
        {
            PodCidr = $"10.{Random.Shared.Next(100, 200)}.{Random.Shared.Next(256)}.0/24";
            try
            {
                await Runtime.Sandboxes.EnsureNetworkAsync(PodCidr, CancellationToken.None);
                return;
            }
            catch (RuntimeException) when (tries < 20)
            {
                // Another test's network has the range.
            }
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var container in await engine.ListAsync([], CancellationToken.None))
        {
            await engine.RemoveAsync(container.ID, CancellationToken.None);
        }

        await engine.FindAsync(
            async docker =>
            {
                await docker.Networks.DeleteNetworkAsync(options.NetworkName);
                return "";
            },
            CancellationToken.None);
        await Runtime.DisposeAsync();
        engine.Dispose();
    }

    private async Task<string> EnsureBusyboxAsync()
    {
        var image = await engine.FindAsync(docker => docker.Images.InspectImageAsync(Busybox), CancellationToken.None);
        if (image is null)
        {
            var architecture = (await engine.CallAsync(docker => docker.System.GetVersionAsync(), CancellationToken.None)).Arch;
            var archive = new ImageArchive(Busybox, architecture)
            {
                Config =
                {
                    ["Entrypoint"] = new JsonArray("/bin/echo", "entry"),
                    ["Cmd"] = new JsonArray("default"),
                    ["Env"] = new JsonArray("PATH=/bin", "FROM_IMAGE=yes"),
                    ["User"] = "7:8",
                },
            };
            archive.AddFile("bin/busybox", await File.ReadAllBytesAsync("/bin/busybox"));
            archive.AddFile("etc/passwd", "root:x:0:0::/:/bin/sh\n"u8.ToArray(), (UnixFileMode)0b110_100_100);
            archive.AddDirectory("tmp", (UnixFileMode)0b1_111_111_111);
            foreach (var applet in Applets)
            {
                archive.AddLink($"bin/{applet}", "busybox");
            }

            await engine.LoadAsync(archive.ToArray(), CancellationToken.None);
            image = await engine.CallAsync(docker => docker.Images.InspectImageAsync(Busybox), CancellationToken.None);
        }

        return image.ID;
    }
}
