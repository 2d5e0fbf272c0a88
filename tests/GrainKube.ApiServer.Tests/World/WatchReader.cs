using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.Tests.World;

/// <summary>Reads a watch event by event.</summary>
public sealed class WatchReader(HttpResponseMessage answer, Stream stream) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly StreamReader lines = new(stream);

    /// <summary>The next event; null where the watch has ended.</summary>
    public async Task<JsonObject?> NextAsync()
    {
        var line = await lines.ReadLineAsync().WaitAsync(Patience);
        return line is null ? null : (JsonObject)JsonNode.Parse(line)!;
    }

    /// <summary>Type and object's name of the next event, as <c>ADDED web</c>.</summary>
    public async Task<string> NextTextAsync()
    {
        var next = await NextAsync();
        return next is null ? "end" : $"{next["type"]} {next["object"]!["metadata"]?["name"]}".TrimEnd();
    }

    public void Dispose()
    {
        lines.Dispose();
        answer.Dispose();
    }
}
