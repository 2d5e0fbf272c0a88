using System.Text.Json;
using GrainKube.Objects.Store;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace GrainKube.Objects.Membership;

/// <summary>Orleans' membership in the store, under <c>/grainkube/membership/{cluster}/</c>: a row a silo and the version of the table, which change in one transaction. Etags are revisions.</summary>
/// <remarks>Signs of life have keys of their own: they are written by everyone all the time, and must not make a change of a row fail.</remarks>
internal sealed class ObjectStoreMembershipTable(IObjectStore store, IOptions<ClusterOptions> cluster) : IMembershipTable
{
    private readonly string root = Root(cluster.Value.ClusterId);

    private string VersionKey => root + "version";

    public Task InitializeMembershipTable(bool tryInitTableVersion) => InitializeMembershipTableAsync(tryInitTableVersion, CancellationToken.None);

    public Task DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId, CancellationToken.None);

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate, CancellationToken.None);

    public Task<MembershipTableData> ReadRow(SiloAddress key) => ReadRowAsync(key, CancellationToken.None);

    public Task<MembershipTableData> ReadAll() => ReadAllAsync(CancellationToken.None);

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => InsertRowAsync(entry, tableVersion, CancellationToken.None);

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => UpdateRowAsync(entry, etag, tableVersion, CancellationToken.None);

    public Task UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry, CancellationToken.None);

    public async Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken)
    {
        if (tryInitTableVersion)
        {
            await store.CommitAsync(StoreTransaction.Create(VersionKey, Version(0)), cancellationToken); // Lost to another silo: just as well.
        }
    }

    public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken) => store.DeleteAllAsync(Root(clusterId), cancellationToken);

    public async Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken)
    {
        foreach (var (entry, etag) in (await ReadAllAsync(cancellationToken)).Members)
        {
            var lastSeen = entry.IAmAliveTime > entry.StartTime ? entry.IAmAliveTime : entry.StartTime;
            if (entry.Status == SiloStatus.Dead && lastSeen < beforeDate.UtcDateTime)
            {
                await store.CommitAsync(
                    StoreTransaction.Delete(RowKey(entry.SiloAddress), StoreETag.Revision(etag)).And(StoreWrite.Delete(AliveKey(entry.SiloAddress))), cancellationToken);
            }
        }
    }

    public async Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken)
    {
        var all = await ReadAllAsync(cancellationToken);
        return all.TryGet(key) is { } row ? new MembershipTableData(row, all.Version) : new MembershipTableData(all.Version);
    }

    public async Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken)
    {
        var version = new TableVersion(0, StoreETag.Of(0));
        var rows = new List<Tuple<MembershipEntry, string>>();
        var alive = new Dictionary<string, DateTime>(StringComparer.Ordinal);
        await foreach (var value in store.ListAllAsync(root, after: null, cancellationToken))
        {
            if (value.Key == VersionKey)
            {
                version = new(JsonSerializer.Deserialize(value.Value.Span, MembershipJson.Default.MembershipVersion)!.Version, StoreETag.Of(value.Revision));
            }
            else if (value.Key.StartsWith(root + "alive/", StringComparison.Ordinal))
            {
                alive[value.Key[(root.Length + "alive/".Length)..]] = JsonSerializer.Deserialize(value.Value.Span, MembershipJson.Default.DateTime);
            }
            else
            {
                rows.Add(Tuple.Create(SiloRow.Read(value), StoreETag.Of(value.Revision)));
            }
        }

        foreach (var (entry, _) in rows)
        {
            if (alive.TryGetValue(entry.SiloAddress.ToParsableString(), out var seen) && seen > entry.IAmAliveTime)
            {
                entry.IAmAliveTime = seen;
            }
        }

        return new MembershipTableData(rows, version);
    }

    public Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken) => WriteAsync(entry, null, tableVersion, cancellationToken);

    public Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken) => WriteAsync(entry, etag, tableVersion, cancellationToken);

    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken)
    {
        var value = JsonSerializer.SerializeToUtf8Bytes(entry.IAmAliveTime, MembershipJson.Default.DateTime);
        return store.CommitAsync(new([], [StoreWrite.Put(AliveKey(entry.SiloAddress), value)]), cancellationToken);
    }

    private static string Root(string clusterId) => $"{StoreKeys.Root}membership/{StoreKeys.Part(clusterId)}/";

    private static byte[] Version(int version) => JsonSerializer.SerializeToUtf8Bytes(new MembershipVersion(version), MembershipJson.Default.MembershipVersion);

    private async Task<bool> WriteAsync(MembershipEntry entry, string? etag, TableVersion version, CancellationToken cancel)
    {
        var transaction = StoreTransaction.Update(RowKey(entry.SiloAddress), SiloRow.Write(entry), StoreETag.Revision(etag))
            .If(VersionKey, StoreETag.Revision(version.VersionEtag))
            .And(StoreWrite.Put(VersionKey, Version(version.Version)));
        return (await store.CommitAsync(transaction, cancel)).Succeeded;
    }

    private string RowKey(SiloAddress silo) => root + "silos/" + silo.ToParsableString();

    private string AliveKey(SiloAddress silo) => root + "alive/" + silo.ToParsableString();
}
