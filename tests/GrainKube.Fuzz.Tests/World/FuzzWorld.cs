using System.Collections.Concurrent;
using System.Net;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiServer.Pipeline;
using GrainKube.Fuzz.Tests.Cases;
using GrainKube.Testing.Clusters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace GrainKube.Fuzz.Tests.World;

/// <summary>A cluster whose errors are kept for the report, and the way of a case to its gateway.</summary>
public sealed class FuzzWorld : IAsyncLifetime
{
    // Less than the server's own limit of a minute; much more than the slowest request takes on a busy machine.
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(50);
    private readonly ErrorLog errors = new();
    private HttpClient client = null!;

    public GrainKubeCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Cluster = await GrainKubeCluster.StartAsync(configure: services =>
        {
            services.AddLogging(logging => logging.AddProvider(errors).SetMinimumLevel(LogLevel.Error));

            // Random revisions lie in the future.
            services.Configure<ApiServerOptions>(options => options.FreshnessTimeout = TimeSpan.FromMilliseconds(20));
        });
        client = Cluster.NewHttpClient();
        client.Timeout = Hang;
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await Cluster.DisposeAsync();
    }

    /// <summary>Requests of a client that has a namespace with objects of its own, and a policy over its ConfigMaps.</summary>
    internal async Task<RandomRequests> NewClientAsync(int seed)
    {
        var ns = await Cluster.NamespaceAsync("fuzz");
        foreach (var item in FuzzObjects.All())
        {
            await ns.ApplyAsync(item);
        }

        var requests = new RandomRequests(seed, ns.Name, Cluster.Service<ResourceRegistry>().All);
        await Cluster.ApplyAsync(Sample.Parse(
            $$"""
            {"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingAdmissionPolicy","metadata":{"name":"{{requests.Policy}}"},
             "spec":{"matchConstraints":{"resourceRules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE"],"resources":["configmaps"]}]},"validations":[{"expression":"true"}]} }
            """));
        await Cluster.ApplyAsync(Sample.Parse(
            $$"""
            {"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingAdmissionPolicyBinding","metadata":{"name":"{{requests.Policy}}"},
             "spec":{"policyName":"{{requests.Policy}}","validationActions":["Deny"],"matchResources":{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"{{ns.Name}}"} } } } }
            """));
        return requests;
    }

    /// <returns>What is wrong with the answer; null where it is one that a client can live with.</returns>
    internal async Task<string?> ComplaintAsync(FuzzCase what)
    {
        using var request = new HttpRequestMessage(new HttpMethod(what.Method), new Uri($"{client.BaseAddress!.ToString().TrimEnd('/')}{what.Path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Version = HttpVersion.Version20,
        };
        if (what.Body is not null)
        {
            request.Content = new ByteArrayContent(what.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", what.ContentType);
        }

        foreach (var (name, value) in what.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var code = (int)answer.StatusCode;
            if (!what.Path.Contains("watch", StringComparison.Ordinal))
            {
                using var limit = new CancellationTokenSource(Hang);
                await answer.Content.CopyToAsync(Stream.Null, limit.Token);
            }

            return code < 500 || IsEarned(what, code) ? null : $"{code} {errors.About(what)}";
        }
        catch (OperationCanceledException)
        {
            return "hangs";
        }
        catch (HttpRequestException error)
        {
            // The HTTP server itself refuses an escaped NUL, on HTTP/2 by resetting the stream.
            return what.Path.Contains("%00", StringComparison.Ordinal) ? null : $"{error.HttpRequestError}: {error.Message} {error.InnerException?.Message} {errors.About(what)}";
        }
    }

    // Upstream answers so, too: 504 for a revision that does not come in time, 503 where the pod at the other end does not answer.
    private static bool IsEarned(FuzzCase what, int code) =>
        (code == 504 && (what.Path.Contains("resourceVersion=", StringComparison.Ordinal) || what.Path.Contains("timeout=", StringComparison.Ordinal)))
        || (code == 503 && what.Path.Contains("/proxy", StringComparison.Ordinal));

    private sealed class ErrorLog : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> lines = new();

        public string About(FuzzCase what) => lines.LastOrDefault(line => line.StartsWith($"{what.Method} {Uri.UnescapeDataString(what.Path.Split('?')[0])} ", StringComparison.Ordinal)) ?? "";

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            lines.Enqueue($"{formatter(state, exception)}\n{exception}");
            if (lines.Count > 50)
            {
                lines.TryDequeue(out _);
            }
        }

        public void Dispose()
        {
        }
    }
}
