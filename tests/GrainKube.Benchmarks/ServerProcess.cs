using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using YamlDotNet.RepresentationModel;

namespace GrainKube.Benchmarks;

/// <summary>A real server with a data directory of its own, on a free port, and clients for it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly bool keep;

    private ServerProcess(Process process, string directory, Uri address, bool keep) => (this.process, Directory, Address, this.keep) = (process, directory, address, keep);

    public string Directory { get; }

    public Uri Address { get; }

    /// <summary>Time from start to the line that says it is ready.</summary>
    public TimeSpan Started { get; private init; }

    /// <summary>Resident bytes now.</summary>
    public long ResidentBytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Processor time so far, of all its threads.</summary>
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public static async Task<ServerProcess> StartAsync(string executable, string flags, string? directory = null, bool keep = false)
    {
        directory ??= System.IO.Directory.CreateTempSubdirectory("grainkube-bench-").FullName;
        var clock = Stopwatch.StartNew();
        var process = Process.Start(new ProcessStartInfo(executable, $"server --data-dir {directory} --port 0 --bind 127.0.0.1 --node-name bench {flags}")
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("ready at", StringComparison.Ordinal))
            {
                var address = new Uri(line.Split("ready at ")[1].Split(',')[0]);
                _ = process.StandardOutput.ReadToEndAsync(); // so that it never blocks on a full pipe
                return new ServerProcess(process, directory, address, keep) { Started = clock.Elapsed };
            }
        }

        throw new InvalidOperationException($"the server did not start (exit code {process.ExitCode})");
    }

    /// <summary>A client with the administrator's certificate, HTTP/2 over TLS.</summary>
    public HttpClient NewClient(Version? version = null)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Path.Combine(Directory, "admin.kubeconfig"))));
        var user = (YamlMappingNode)((YamlSequenceNode)yaml.Documents[0].RootNode["users"])[0]["user"];
        return NewClient(X509Certificate2.CreateFromPem(Text(user, "client-certificate-data"), Text(user, "client-key-data")), version);
    }

    /// <summary>A client with another certificate.</summary>
    public HttpClient NewClient(X509Certificate2 pem, Version? version = null)
    {
        var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 2048, EnableMultipleHttp2Connections = true };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        handler.SslOptions.ClientCertificates = [X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), null)];
        return new HttpClient(handler)
        {
            BaseAddress = Address,
            Timeout = TimeSpan.FromMinutes(5),
            DefaultRequestVersion = version ?? HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync();
        }

        process.Dispose();
        if (!keep)
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }

    private static string Text(YamlMappingNode user, string field) => Encoding.UTF8.GetString(Convert.FromBase64String((string)user[field]!));
}
