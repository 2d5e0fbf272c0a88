using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace GrainKube.ApiServer.Aggregation;

/// <summary>
/// What the servers of other APIs say of them, for this server's own documents. Asked for when somebody wants to know: at once where an API has come or changed, behind the back of
/// the asking one where the answer is merely a minute old.
/// </summary>
internal sealed partial class ExtensionDiscovery(ExtensionApis apis, ExtensionConnections connections, TimeProvider time, ILogger<ExtensionDiscovery> log)
{
    private const string Aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private readonly Lock gate = new();
    private volatile Known known = new(ExtensionApis.Picture.Empty, ExtensionPicture.Empty, 0);
    private Task<Known>? refreshing;
    private ExtensionApis.Picture? wanted;

    /// <summary>What is known, however old.</summary>
    public ExtensionPicture Last => known.Picture;

    /// <summary>The same instance as long as nothing has changed.</summary>
    public async ValueTask<ExtensionPicture> CurrentAsync(CancellationToken cancel)
    {
        var now = known;
        var source = apis.Current;
        if (!ReferenceEquals(now.Source, source))
        {
            // Without others there is nobody to ask, only an order to follow.
            now = source.HasExtensions ? await RefreshAsync(source).WaitAsync(cancel) : known = new Known(source, ExtensionPicture.Empty with { Source = source }, time.GetTimestamp());
        }
        else if (source.HasExtensions && time.GetElapsedTime(now.ReadAt) > Fresh)
        {
            _ = RefreshAsync(source);
        }

        return now.Picture;
    }

    private Task<Known> RefreshAsync(ExtensionApis.Picture source)
    {
        lock (gate)
        {
            if (refreshing is null || refreshing.IsCompleted || !ReferenceEquals(wanted, source))
            {
                wanted = source;
                refreshing = ReadAsync(source);
            }

            return refreshing;
        }
    }

    private async Task<Known> ReadAsync(ExtensionApis.Picture source)
    {
        var before = known.Picture;
        var began = time.GetTimestamp();
        var answers = await Task.WhenAll(source.Extensions.GroupBy(api => api.Target!).Select(group => AskAsync(group.Key, [.. group], before)));
        var picture = new ExtensionPicture(
            source,
            answers.SelectMany(answer => answer.Versions).ToDictionary(version => version.Key, version => version.Value),
            answers.SelectMany(answer => answer.OpenApi).ToDictionary(path => path.Key, path => path.Value));
        if (ReferenceEquals(before.Source, source) && picture.SaysTheSameAs(before))
        {
            picture = before;
        }

        return known = new Known(source, picture, began);
    }

    private async Task<Answer> AskAsync(ExtensionTarget target, List<ExtensionApi> served, ExtensionPicture before)
    {
        var versions = new Dictionary<(string, string), JsonObject>();
        var openApi = new Dictionary<string, string>();
        try
        {
            if (served.Exists(api => api.Available))
            {
                await ReadVersionsAsync(target, served, versions);
                await ReadOpenApiAsync(target, served, openApi);
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or InvalidOperationException or CryptographicException or IOException)
        {
            LogSilent(failure, target.ServerName);
        }

        foreach (var api in served)
        {
            var key = (api.Group, api.Version);
            var current = versions.TryGetValue(key, out var entry) && api.Available;
            entry ??= before.Versions.TryGetValue(key, out var old) ? (JsonObject)old.DeepClone() : new JsonObject { ["version"] = api.Version };
            entry["freshness"] = current ? "Current" : "Stale";
            versions[key] = entry;
        }

        return new Answer(versions.Where(v => served.Exists(api => (api.Group, api.Version) == v.Key)), openApi);
    }

    private async Task ReadVersionsAsync(ExtensionTarget target, List<ExtensionApi> served, Dictionary<(string, string), JsonObject> versions)
    {
        var answer = await connections.GetAsync(target, "/apis", $"{Aggregated},application/json", CancellationToken.None);
        if (answer.Code == HttpStatusCode.OK && answer.ContentType.Contains("as=APIGroupDiscoveryList", StringComparison.Ordinal))
        {
            foreach (var (key, entry) in ExtensionDocuments.FromAggregated(answer.Body))
            {
                versions[key] = entry;
            }
        }

        // A server of old has a document a version.
        foreach (var api in served.Where(api => !versions.ContainsKey((api.Group, api.Version))))
        {
            answer = await connections.GetAsync(target, $"/apis/{api.Group}/{api.Version}", "application/json", CancellationToken.None);
            if (answer.Code == HttpStatusCode.OK)
            {
                versions[(api.Group, api.Version)] = ExtensionDocuments.FromResourceList(api.Group, api.Version, answer.Body);
            }
        }
    }

    private async Task ReadOpenApiAsync(ExtensionTarget target, List<ExtensionApi> served, Dictionary<string, string> openApi)
    {
        var answer = await connections.GetAsync(target, "/openapi/v3", "application/json", CancellationToken.None);
        if (answer.Code != HttpStatusCode.OK)
        {
            return;
        }

        var paths = ExtensionDocuments.OpenApiPaths(answer.Body);
        foreach (var path in served.Select(api => $"apis/{api.Group}/{api.Version}"))
        {
            if (paths.TryGetValue(path, out var address))
            {
                openApi[path] = address;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The APIs of {Server} are shown as they were: it does not say what they are")]
    private partial void LogSilent(Exception failure, string server);

    private sealed record Known(ExtensionApis.Picture Source, ExtensionPicture Picture, long ReadAt);

    private sealed record Answer(IEnumerable<KeyValuePair<(string Group, string Version), JsonObject>> Versions, Dictionary<string, string> OpenApi);
}
