using System.Globalization;
using System.Text.Json;
using GrainKube.Linearizability.Tests.History;

namespace GrainKube.Linearizability.Tests.World;

/// <summary>Watches from the beginning and resumes after its last event wherever a watch ends; now and then it goes by itself, in the middle.</summary>
internal sealed class Watcher(int number, HttpClient http)
{
    private readonly Random random = new(1000 + number);
    private readonly List<WatchEvent> events = [];
    private long revision;

    /// <summary>The revision that it began after.</summary>
    public long After { get; private set; }

    public IReadOnlyList<WatchEvent> Events => events;

    public int Resumptions { get; private set; }

    public async Task BeginAsync()
    {
        using var answer = await http.GetAsync(new Uri($"/api/v1/namespaces/{TwoGateways.Namespace}/configmaps", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
        using var list = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        revision = After = RevisionOf(list.RootElement);
    }

    /// <summary>Completes when the event of that revision was told.</summary>
    /// <param name="until">Asked after each event; 0 while it is not known.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task RunAsync(Func<long> until, CancellationToken cancel)
    {
        while (!IsDone(until) && !cancel.IsCancellationRequested)
        {
            try
            {
                using var turn = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                turn.CancelAfter(TimeSpan.FromSeconds(2)); // an end that is learned while the watch is silent
                await FollowAsync(until, turn.Token);
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
            {
                Resumptions++;
            }
        }
    }

    private bool IsDone(Func<long> until) => until() is > 0 and var end && revision >= end;

    private async Task FollowAsync(Func<long> until, CancellationToken cancel)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/api/v1/namespaces/{TwoGateways.Namespace}/configmaps?watch=true&allowWatchBookmarks=true&resourceVersion={revision}");
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"watch: {answer.StatusCode}");
        }

        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(cancel));
        while (!IsDone(until) && random.Next(60) > 0 && await lines.ReadLineAsync(cancel) is { } line)
        {
            Take(line);
        }

        Resumptions++;
    }

    private void Take(string line)
    {
        using var json = JsonDocument.Parse(line);
        var (type, item) = (json.RootElement.GetProperty("type").GetString()!, json.RootElement.GetProperty("object"));
        if (type == "ERROR")
        {
            throw new HttpRequestException(item.ToString());
        }

        revision = RevisionOf(item);
        if (type != "BOOKMARK")
        {
            events.Add(new WatchEvent(type, item.GetProperty("metadata").GetProperty("name").GetString()!, TwoGateways.ValueOf(item), revision));
        }
    }

    private static long RevisionOf(JsonElement item) => long.Parse(item.GetProperty("metadata").GetProperty("resourceVersion").GetString()!, CultureInfo.InvariantCulture);
}
