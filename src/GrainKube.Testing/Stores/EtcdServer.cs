using System.Diagnostics;
using System.Globalization;
using GrainKube.Hosting;

namespace GrainKube.Testing.Stores;

/// <summary>A real etcd of one test: on free loopback ports, with a data directory that is gone afterwards.</summary>
public sealed class EtcdServer : IAsyncDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("grainkube-etcd-");
    private readonly string[] arguments;
    private int peerPort;
    private int healthPort;
    private Process? process;

    private readonly bool secure;

    private EtcdServer(string[] arguments, bool secure) => (this.arguments, this.secure) = (arguments, secure);

    public int Port { get; private set; }

    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"{(secure ? "https" : "http")}://127.0.0.1:{Port}");

    /// <summary>Starts etcd, which must be installed, and waits until it answers.</summary>
    /// <param name="arguments">More of its arguments.</param>
    public static Task<EtcdServer> StartAsync(params string[] arguments) => StartAsync(new EtcdServer(arguments, secure: false));

    /// <summary>Starts etcd with TLS; it takes clients with a certificate of the authority only.</summary>
    public static Task<EtcdServer> StartSecureAsync(string authorityFile, string certificateFile, string keyFile) => StartAsync(new EtcdServer(
        [$"--cert-file={certificateFile}", $"--key-file={keyFile}", $"--trusted-ca-file={authorityFile}", "--client-cert-auth"], secure: true));

    /// <summary>Starts it again on the same data and ports.</summary>
    public async Task StartProcessAsync()
    {
        var peer = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{peerPort}");
        var start = new ProcessStartInfo("etcd")
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                $"--data-dir={directory.FullName}/data", $"--listen-client-urls={Endpoint}", $"--advertise-client-urls={Endpoint}", $"--listen-peer-urls={peer}",
                $"--initial-advertise-peer-urls={peer}", $"--initial-cluster=default={peer}", "--unsafe-no-fsync", "--log-level=error",
                $"--listen-metrics-urls=http://127.0.0.1:{healthPort}",
            },
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        process = Process.Start(start)!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        using var client = new HttpClient();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!await IsHealthyAsync(client, timeout.Token))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, timeout.Token);
        }
    }

    /// <summary>Kills the process at once; its data stays.</summary>
    public async Task KillAsync()
    {
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        directory.Delete(recursive: true);
    }

    private static async Task<EtcdServer> StartAsync(EtcdServer server)
    {
        for (var attempt = 1; ; attempt++)
        {
            (server.Port, server.peerPort, server.healthPort) = (LoopbackPorts.Next(), LoopbackPorts.Next(), LoopbackPorts.Next());
            try
            {
                await server.StartProcessAsync();
                return server;
            }
            catch (InvalidOperationException) when (attempt < 3)
            {
                // Another test took the port between our asking and etcd's listening.
            }
        }
    }

    private async Task<bool> IsHealthyAsync(HttpClient client, CancellationToken cancel)
    {
        if (process!.HasExited)
        {
            throw new InvalidOperationException($"etcd ended at once with {process.ExitCode}.");
        }

        try
        {
            using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{healthPort}/health"), cancel);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
