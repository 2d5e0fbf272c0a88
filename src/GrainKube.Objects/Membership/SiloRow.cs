using System.Text.Json;
using System.Text.Json.Serialization;
using GrainKube.Objects.Store;

namespace GrainKube.Objects.Membership;

/// <summary>A silo as it is stored.</summary>
internal sealed record SiloRow(
    string Silo, string Name, string Host, SiloStatus Status, int GatewayPort, string? Role, int UpdateZone, int FaultZone, DateTime Started, DateTime Alive, IReadOnlyList<SiloSuspicion> Suspicions)
{
    public static byte[] Write(MembershipEntry entry) => JsonSerializer.SerializeToUtf8Bytes(
        new SiloRow(
            entry.SiloAddress.ToParsableString(), entry.SiloName ?? "", entry.HostName ?? "", entry.Status, entry.ProxyPort, entry.RoleName, entry.UpdateZone, entry.FaultZone, entry.StartTime,
            entry.IAmAliveTime, [.. (entry.SuspectTimes ?? []).Select(suspect => new SiloSuspicion(suspect.Item1.ToParsableString(), suspect.Item2))]),
        MembershipJson.Default.SiloRow);

    public static MembershipEntry Read(StoreValue value)
    {
        var row = JsonSerializer.Deserialize(value.Value.Span, MembershipJson.Default.SiloRow)!;
        return new MembershipEntry
        {
            SiloAddress = SiloAddress.FromParsableString(row.Silo),
            SiloName = row.Name,
            HostName = row.Host,
            Status = row.Status,
            ProxyPort = row.GatewayPort,
            RoleName = row.Role,
            UpdateZone = row.UpdateZone,
            FaultZone = row.FaultZone,
            StartTime = row.Started,
            IAmAliveTime = row.Alive,
            SuspectTimes = [.. row.Suspicions.Select(suspicion => Tuple.Create(SiloAddress.FromParsableString(suspicion.By), suspicion.Time))],
        };
    }
}

/// <summary>One silo's vote against another.</summary>
internal sealed record SiloSuspicion(string By, DateTime Time);

/// <summary>The version of the whole table.</summary>
internal sealed record MembershipVersion(int Version);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SiloRow))]
[JsonSerializable(typeof(MembershipVersion))]
[JsonSerializable(typeof(DateTime))]
internal sealed partial class MembershipJson : JsonSerializerContext;
