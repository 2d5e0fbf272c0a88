using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GrainKube.Linearizability.Tests.History;

namespace GrainKube.Linearizability.Tests.World;

/// <summary>A client that does one thing after another to a few objects and writes down what it was told.</summary>
internal sealed class Writer(int number, HttpClient http)
{
    private const string Path = $"/api/v1/namespaces/{TwoGateways.Namespace}/configmaps";
    private static readonly string[] Keys = ["a", "b", "c", "d"];
    private readonly Random random = new(number);
    private readonly Dictionary<string, long> seen = [];
    private readonly List<Operation> operations = [];
    private int count;

    public IReadOnlyList<Operation> Operations => operations;

    public async Task RunAsync(int times)
    {
        for (count = 0; count < times; count++)
        {
            operations.Add(await NextAsync());
        }
    }

    private Task<Operation> NextAsync()
    {
        var key = Keys[random.Next(Keys.Length)];
        return random.Next(100) switch
        {
            < 20 => WriteAsync(OperationKind.Create, key, HttpMethod.Post, Path, 0),
            < 45 when seen.TryGetValue(key, out var expected) => WriteAsync(OperationKind.Update, key, HttpMethod.Put, $"{Path}/{key}", expected),
            < 60 => WriteAsync(OperationKind.Patch, key, HttpMethod.Patch, $"{Path}/{key}", 0),
            < 72 => DeleteAsync(key),
            < 88 => ReadAsync(OperationKind.Get, key, $"{Path}/{key}"),
            _ => ReadAsync(OperationKind.List, "", Path),
        };
    }

    private async Task<Operation> WriteAsync(OperationKind kind, string key, HttpMethod method, string path, long expected)
    {
        var value = string.Create(CultureInfo.InvariantCulture, $"{number}-{count}");
        var version = expected > 0 ? $",\"resourceVersion\":\"{expected}\"" : "";
        var body = $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{key}}"{{version}} },"data":{"value":"{{value}}"} }""";
        var (operation, answer) = await SendAsync(kind, key, method, path, TwoGateways.Json(body, kind == OperationKind.Patch ? "application/merge-patch+json" : "application/json"));
        return operation with { Value = value, Expected = expected, Revision = operation.Outcome == Outcome.Done ? Take(key, answer!).Revision : 0 };
    }

    private async Task<Operation> DeleteAsync(string key)
    {
        var expected = random.Next(2) == 0 ? seen.GetValueOrDefault(key) : 0;
        var body = expected > 0 ? $$"""{"preconditions":{"resourceVersion":"{{expected}}"} }""" : "{}";
        var (operation, _) = await SendAsync(OperationKind.Delete, key, HttpMethod.Delete, $"{Path}/{key}", TwoGateways.Json(body));
        return operation with { Expected = expected };
    }

    private async Task<Operation> ReadAsync(OperationKind kind, string key, string path)
    {
        var (operation, answer) = await SendAsync(kind, key, HttpMethod.Get, path, null);
        if (kind == OperationKind.Get && operation.Outcome == Outcome.NotFound)
        {
            return operation with { Outcome = Outcome.Done };
        }

        if (operation.Outcome != Outcome.Done)
        {
            return operation;
        }

        using var json = JsonDocument.Parse(answer!);
        if (kind == OperationKind.Get)
        {
            var found = Take(key, answer!);
            return operation with { Revision = found.Revision, Found = new Dictionary<string, ItemVersion> { [key] = found } };
        }

        var items = json.RootElement.GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("metadata").GetProperty("name").GetString()!, VersionOf);
        return operation with { Revision = RevisionOf(json.RootElement), Found = items };
    }

    private ItemVersion Take(string key, byte[] answer)
    {
        using var json = JsonDocument.Parse(answer);
        var version = VersionOf(json.RootElement);
        seen[key] = version.Revision;
        return version;
    }

    private static ItemVersion VersionOf(JsonElement item) => new(TwoGateways.ValueOf(item), RevisionOf(item));

    private static long RevisionOf(JsonElement item) => long.Parse(item.GetProperty("metadata").GetProperty("resourceVersion").GetString()!, CultureInfo.InvariantCulture);

    private async Task<(Operation Operation, byte[]? Answer)> SendAsync(OperationKind kind, string key, HttpMethod method, string path, HttpContent? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body };
        var start = Stopwatch.GetTimestamp();
        try
        {
            using var answer = await http.SendAsync(request);
            var bytes = await answer.Content.ReadAsByteArrayAsync();
            return (new Operation(kind, key, start, Stopwatch.GetTimestamp(), OutcomeOf((int)answer.StatusCode, bytes)), bytes);
        }
        catch (Exception unanswered) when (unanswered is HttpRequestException or TaskCanceledException)
        {
            return (new Operation(kind, key, start, Stopwatch.GetTimestamp(), Outcome.Unknown), null);
        }
    }

    private static Outcome OutcomeOf(int code, byte[] answer)
    {
        if (code < 300)
        {
            return Outcome.Done;
        }

        using var status = JsonDocument.Parse(answer);
        return status.RootElement.GetProperty("reason").GetString() switch
        {
            "NotFound" => Outcome.NotFound,
            "AlreadyExists" => Outcome.AlreadyExists,
            "Conflict" => Outcome.Conflict,
            _ when code >= 500 => Outcome.Unknown,
            var other => throw new InvalidOperationException($"{code} {other} is no answer to what was asked: {status.RootElement}"),
        };
    }
}
