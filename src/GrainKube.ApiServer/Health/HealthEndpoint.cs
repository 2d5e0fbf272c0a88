using System.Text;
using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.Pipeline;
using GrainKube.Objects.Cache;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GrainKube.ApiServer.Health;

/// <summary>GET of <c>/healthz</c>, <c>/livez</c> and <c>/readyz</c>, as a whole or one probe.</summary>
internal sealed partial class HealthEndpoint(
    WatchCache cache, StartProgress start, IHostApplicationLifetime lifetime, IEnumerable<IHealthProbe> probes, TimeProvider time, ILogger<HealthEndpoint> logger) : IPathEndpoint
{
    private static readonly string[] Roots = ["/healthz", "/livez", "/readyz"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly IHealthProbe[] probes = [.. Alive.All, .. StoreProbe.All(cache), .. probes, .. StartProbe.All(start), new ShutdownProbe(lifetime)];

    public IEnumerable<string> Paths => Roots.SelectMany(root => Of(root).Select(probe => $"{root}/{probe.Name}").Prepend(root));

    public bool Serves(string path) => Roots.Any(root => path == root || path == root + "/" || (path.StartsWith(root + "/", StringComparison.Ordinal)
        && Of(root).Any(probe => path.AsSpan(root.Length + 1).SequenceEqual(probe.Name))));

    public async Task GetAsync(HttpContext context, string path)
    {
        var parts = path.Trim('/').Split('/', 2);
        var excluded = context.Request.Query["exclude"];
        var report = new StringBuilder();
        var healthy = true;
        var unknown = excluded.Where(name => !string.IsNullOrEmpty(name)).Distinct().Order(StringComparer.Ordinal).ToList();
        foreach (var probe in Of("/" + parts[0]))
        {
            if (parts.Length > 1 && probe.Name != parts[1])
            {
                continue;
            }

            unknown.Remove(probe.Name);
            if (parts.Length == 1 && excluded.Contains(probe.Name))
            {
                report.Append($"[+]{probe.Name} excluded: ok\n");
            }
            else
            {
                var good = await IsWellAsync(probe, context.RequestAborted);
                report.Append(good ? $"[+]{probe.Name} ok\n" : $"[-]{probe.Name} failed: reason withheld\n");
                healthy &= good;
            }
        }

        if (unknown.Count > 0)
        {
            report.Append($"warn: some health checks cannot be excluded: no matches for {string.Join(", ", unknown.Select(name => $"\"{name}\""))}\n");
        }

        context.Response.Headers.XContentTypeOptions = "nosniff";
        report.Append($"{parts[0]} check {(healthy ? "passed" : "failed")}\n");
        var text = healthy && (parts.Length > 1 || !context.Request.Query.ContainsKey("verbose")) ? "ok" : report.ToString();
        await Responses.TextAsync(context, healthy ? 200 : 500, text);
    }

    private IEnumerable<IHealthProbe> Of(string root) => root switch
    {
        "/readyz" => probes,
        "/healthz" => probes.Where(probe => probe.Scope != ProbeScope.Readiness),
        _ => probes.Where(probe => probe.Scope == ProbeScope.Everywhere),
    };

    private async ValueTask<bool> IsWellAsync(IHealthProbe probe, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        try
        {
            await probe.CheckAsync(both.Token);
            return true;
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            LogFailed(error, probe.Name);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Health probe {Probe} failed")]
    private partial void LogFailed(Exception error, string probe);

    /// <summary>What is well as long as anybody is there to answer.</summary>
    private sealed class Alive(string name) : IHealthProbe
    {
        public static readonly IHealthProbe[] All = [new Alive("ping"), new Alive("log")];

        public string Name => name;

        public ValueTask CheckAsync(CancellationToken cancel) => ValueTask.CompletedTask;
    }
}
