using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.Objects.Store;

namespace GrainKube.Networking.Addresses;

/// <summary>Ports on the nodes: each that is taken is a key of the store, which says by whom.</summary>
internal sealed class NodePorts(IObjectStore store)
{
    public const int First = 30_000;
    public const int Last = 32_767;
    public const string Range = "30000-32767";
    private const string Prefix = "/grainkube/nodeports/";
    private const int Count = Last - First + 1;

    /// <summary>Left to those who choose theirs (KEP-3668): a thirty-second of the range, between 16 and 128.</summary>
    private const int StaticCount = Count / 32;

    private volatile IReadOnlySet<int> remembered = new HashSet<int>();

    public static string KeyOf(int port) => Prefix + port.ToString(CultureInfo.InvariantCulture);

    public static bool IsInRange(int port) => port is >= First and <= Last;

    /// <summary>Puts the key of a port that a service takes.</summary>
    public static StoreWrite Put(int port, string ns, string name, string uid) =>
        StoreWrite.Put(KeyOf(port), JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["namespace"] = ns, ["name"] = name, ["uid"] = uid }));

    /// <summary>The revision under which a service holds a port, or null where it does not.</summary>
    public async Task<long?> HeldByAsync(int port, string uid) =>
        await store.GetAsync(KeyOf(port), CancellationToken.None) is { } value && (string?)JsonNode.Parse(value.Value.Span)?["uid"] == uid ? value.Revision : null;

    public async Task<bool> IsTakenAsync(int port) => await store.GetAsync(KeyOf(port), CancellationToken.None) is not null;

    /// <summary>A free port, chosen by what was read last: the commit finds out whether it still is.</summary>
    /// <param name="besides">Ports that are not to be chosen either.</param>
    /// <param name="current">Read anew before choosing.</param>
    /// <returns>Null where all are taken; then that was read anew.</returns>
    public async Task<int?> ChooseAsync(IReadOnlySet<int> besides, bool current)
    {
        if (current)
        {
            await ReadAsync();
        }

        if (Choose(besides) is { } port)
        {
            return port;
        }

        if (current)
        {
            return null;
        }

        await ReadAsync();
        return Choose(besides);
    }

    private int? Choose(IReadOnlySet<int> besides)
    {
        var taken = remembered;
        return (int?)Choice.Of(Count, StaticCount, index => taken.Contains(First + (int)index) || besides.Contains(First + (int)index)) + First;
    }

    private async Task ReadAsync()
    {
        var taken = new HashSet<int>();
        var page = await store.ListAsync(Prefix, new StoreListOptions { KeysOnly = true }, CancellationToken.None);
        foreach (var item in page.Items)
        {
            if (int.TryParse(item.Key.AsSpan(Prefix.Length), CultureInfo.InvariantCulture, out var port))
            {
                taken.Add(port);
            }
        }

        remembered = taken;
    }
}
