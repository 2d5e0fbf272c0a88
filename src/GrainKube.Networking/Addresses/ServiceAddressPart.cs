using System.Net;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Store;
using GrainKube.Objects.Writes.Parts;

namespace GrainKube.Networking.Addresses;

/// <summary>
/// Takes and gives back the cluster addresses and node ports of Services in their own transactions: an address is an <c>IPAddress</c> object that is created if absent, a port a key
/// of ours. What this silo believes to be free is only a hint.
/// </summary>
internal sealed class ServiceAddressPart(IObjectStore store, WatchCache cache, ResourceRegistry registry, ServiceRanges ranges, NodePorts ports) : ITransactionPart
{
    private static readonly GroupResource Services = new("", "services");

    public bool Handles(CommitRequest commit) => commit.Key.GroupResource == Services && commit.Subresource.Length == 0;

    public async ValueTask<TransactionAddition> AddAsync(CommitRequest commit)
    {
        if (commit.Attempt > 1)
        {
            await cache.WaitUntilCurrentAsync(CancellationToken.None);
        }

        var before = ServiceClaims.Of(commit.Current);
        var allocation = new Allocation(commit, registry);
        if (commit.Next is { } next)
        {
            await TakeAddressesAsync(next.Spec(), before, allocation);
            await TakePortsAsync(next.Spec(), before, allocation);
        }

        var after = ServiceClaims.Of(commit.Next);
        if (!commit.DryRun)
        {
            await ReleaseAsync(before, after, allocation);
        }

        return allocation.Result;
    }

    private async Task TakeAddressesAsync(JsonObject spec, ServiceClaims before, Allocation allocation)
    {
        if (!ServiceClaims.NeedsAddress(spec))
        {
            return;
        }

        var families = ServiceFamilies.Fill(spec, ranges.Families(), allocation);
        var addresses = spec.Texts("clusterIPs");
        for (var i = 0; i < families.Count; i++)
        {
            if (i < addresses.Count && addresses[i].Length > 0)
            {
                var given = IPAddress.Parse(addresses[i]);
                if (!before.Addresses.Contains(given.ToString()))
                {
                    await TakeAsync(given, addresses, allocation);
                }
            }
            else
            {
                addresses.Add((await AllocateAsync(families[i], allocation)).ToString());
            }
        }

        spec["clusterIP"] = addresses[0];
        spec["clusterIPs"] = new JsonArray([.. addresses.Select(a => (JsonNode)a)]);
    }

    private async Task TakeAsync(IPAddress address, List<string> given, Allocation allocation)
    {
        var owner = ranges.Usable().FirstOrDefault(u => u.Range.Contains(address)).Owner;
        if (owner is null)
        {
            await cache.WaitUntilCurrentAsync(CancellationToken.None);
            owner = ranges.Usable().FirstOrDefault(u => u.Range.Contains(address)).Owner;
        }

        if (owner is null)
        {
            var valid = string.Join(", ", ranges.Usable().Select(u => u.Range.ToString()));
            throw allocation.InvalidAddress(given, address, $"the provided IP ({address}) is not in the valid range. The range of valid IPs is {valid}");
        }

        if (ranges.IsTaken(address) || allocation.IsDryRun)
        {
            await cache.WaitUntilCurrentAsync(CancellationToken.None);
            if (ranges.IsTaken(address))
            {
                throw allocation.InvalidAddress(given, address, "provided IP is already allocated");
            }
        }

        allocation.Take(address, owner);
    }

    private async Task<IPAddress> AllocateAsync(string family, Allocation allocation)
    {
        if (Pick() is not { Address: not null } picked)
        {
            await cache.WaitUntilCurrentAsync(CancellationToken.None);
            picked = Pick();
        }

        if (picked.Address is null)
        {
            throw Allocation.Failed("failed to allocate a serviceIP: range is full");
        }

        allocation.Take(picked.Address, picked.Owner);
        return picked.Address;

        (IPAddress? Address, KubeObject Owner) Pick()
        {
            foreach (var (range, owner) in ranges.Usable().Where(u => u.Range.Family == family))
            {
                if (Choice.Of(range.Count, range.StaticCount, index => ranges.IsTaken(range.At(index))) is { } index)
                {
                    return (range.At(index), owner);
                }
            }

            return default;
        }
    }

    private async Task TakePortsAsync(JsonObject spec, ServiceClaims before, Allocation allocation)
    {
        var list = spec.Ports();
        var claimed = ServiceClaims.Of(new JsonObject { ["spec"] = spec.DeepClone() }).NodePorts;
        var taken = new HashSet<int>(claimed);
        if (spec.Text("type") is "NodePort" or "LoadBalancer")
        {
            for (var i = 0; i < list.Count; i++)
            {
                if (list[i].Integer("nodePort") is > 0 and { } port && !before.NodePorts.Contains(port) && !allocation.Has(port)
                    && await ProblemAsync(port, allocation) is { } problem)
                {
                    throw allocation.InvalidPort(i, port, problem);
                }
            }
        }

        if (ServiceClaims.NeedsNodePorts(spec))
        {
            foreach (var port in list.Where(p => p.Integer("nodePort") == 0))
            {
                // One number for all protocols of a port, where the service is new; upstream does not look back later.
                var twin = allocation.IsCreate ? list.FirstOrDefault(p => p.Integer("port") == port.Integer("port") && p.Integer("nodePort") != 0 && p.Text("protocol") != port.Text("protocol")) : null;
                port.Set("nodePort", twin?.Integer("nodePort") ?? await AllocatePortAsync("failed to allocate a nodePort: range is full", taken, allocation));
            }
        }

        if (ServiceClaims.NeedsHealthCheck(spec))
        {
            var given = spec.Integer("healthCheckNodePort");
            if (given == 0)
            {
                spec.Set("healthCheckNodePort", await AllocatePortAsync("failed to allocate a HealthCheck NodePort: range is full", taken, allocation));
            }
            else if (!before.NodePorts.Contains(given) && !allocation.Has(given) && await ProblemAsync(given, allocation) is { } problem)
            {
                throw Allocation.Failed($"failed to allocate requested HealthCheck NodePort {given}: {problem}");
            }
        }
    }

    /// <summary>Takes a port that was asked for.</summary>
    /// <returns>Why it cannot be had, or null.</returns>
    private async Task<string?> ProblemAsync(int port, Allocation allocation)
    {
        if (!NodePorts.IsInRange(port))
        {
            return $"provided port is not in the valid range. The range of valid ports is {NodePorts.Range}";
        }

        // The commit would find out; it is asked before where the commit has done so, or will not.
        if ((allocation.IsRepeated || allocation.IsDryRun) && await ports.IsTakenAsync(port))
        {
            return "provided port is already allocated";
        }

        allocation.Take(port);
        return null;
    }

    private async Task<int> AllocatePortAsync(string failure, HashSet<int> taken, Allocation allocation)
    {
        var port = await ports.ChooseAsync(taken, current: allocation.IsRepeated) ?? throw Allocation.Failed(failure);
        taken.Add(port);
        allocation.Take(port);
        return port;
    }

    /// <summary>Gives back what the service has no longer, where it really is the service's.</summary>
    private async Task ReleaseAsync(ServiceClaims before, ServiceClaims after, Allocation allocation)
    {
        foreach (var address in before.Addresses.Except(after.Addresses))
        {
            var key = ServiceRanges.KeyOf(address);
            if (await store.GetAsync(key.StoreKey, CancellationToken.None) is { } value && allocation.IsOwner(value))
            {
                allocation.Release(key.StoreKey, value.Revision);
            }
        }

        foreach (var port in before.NodePorts.Except(after.NodePorts))
        {
            if (await ports.HeldByAsync(port, allocation.Uid) is { } revision)
            {
                allocation.Release(NodePorts.KeyOf(port), revision);
            }
        }
    }
}
