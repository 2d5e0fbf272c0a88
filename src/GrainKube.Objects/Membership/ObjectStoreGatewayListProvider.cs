using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;

namespace GrainKube.Objects.Membership;

/// <summary>Tells an Orleans client outside of the silos which of them take connections.</summary>
internal sealed class ObjectStoreGatewayListProvider(IMembershipTable table, IOptions<GatewayOptions> options) : IGatewayListProvider
{
    public TimeSpan MaxStaleness => options.Value.GatewayListRefreshPeriod;

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() => table.InitializeMembershipTableAsync(tryInitTableVersion: false, CancellationToken.None);

    public async Task<IList<Uri>> GetGateways() =>
    [
        .. (await table.ReadAllAsync(CancellationToken.None)).Members
            .Select(member => member.Item1)
            .Where(entry => entry is { Status: SiloStatus.Active, ProxyPort: > 0 })
            .Select(entry => SiloAddress.New(entry.SiloAddress.Endpoint.Address, entry.ProxyPort, entry.SiloAddress.Generation).ToGatewayUri()),
    ];
}
