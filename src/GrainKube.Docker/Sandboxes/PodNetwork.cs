using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using GrainKube.Docker.Engine;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Sandboxes;

/// <summary>The bridge of a node's pods and the addresses on it.</summary>
internal sealed class PodNetwork(DockerEngine engine) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly HashSet<string> reserved = [];
    private PodRange? range;
    private string? last;

    /// <summary>Addresses that sandboxes had when the engine was asked, and those given since. It is asked again when none is left, so each rests for as long as can be.</summary>
    private HashSet<string>? used;

    public string Name => engine.Options.NetworkName;

    public async Task EnsureAsync(string podCidr, CancellationToken cancel)
    {
        var wanted = PodRange.Parse(podCidr);
        var found = await FindAsync(cancel);
        if (found is not null && CidrOf(found) != wanted.Cidr)
        {
            if (found.Containers is { Count: > 0 })
            {
                throw new RuntimeException(
                    RuntimeError.Other,
                    $"The pod network {Name} has the range {CidrOf(found)}, not {wanted.Cidr}, and {found.Containers.Count} containers use it.");
            }

            await engine.CallAsync(docker => docker.Networks.DeleteNetworkAsync(found.ID, cancel), cancel);
            found = null;
        }

        if (found is null)
        {
            await CreateAsync(wanted, cancel);
        }

        range = wanted;
    }

    /// <summary>Takes an address that no sandbox has; it stays reserved until <see cref="ReleaseAsync"/>.</summary>
    public async Task<string> ReserveAsync(CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            var addresses = range ??= await ReadRangeAsync(cancel);
            last = await NextAsync(addresses, cancel) ?? throw new RuntimeException(RuntimeError.Other, $"No free pod address in {addresses.Cidr}.");
            reserved.Add(last);
            return last;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The reservation ends: a sandbox carries the address now, or was not made.</summary>
    public async Task ReleaseAsync(string address, bool taken)
    {
        await turn.WaitAsync();
        reserved.Remove(address);
        if (taken)
        {
            used?.Add(address);
        }

        turn.Release();
    }

    public void Dispose() => turn.Dispose();

    private async Task<string?> NextAsync(PodRange addresses, CancellationToken cancel)
    {
        if (used is not null && addresses.Next(last, used.Union(reserved).ToHashSet(StringComparer.Ordinal)) is { } next)
        {
            return next;
        }

        var sandboxes = await engine.ListAsync([("label", $"{EngineLabels.Kind}={EngineLabels.SandboxKind}")], cancel);
        last ??= sandboxes.Select(sandbox => EngineLabels.Of(sandbox.Labels, EngineLabels.Address)).FirstOrDefault(address => address.Length > 0);
        used = [.. sandboxes.Where(sandbox => sandbox.State != "exited").Select(sandbox => EngineLabels.Of(sandbox.Labels, EngineLabels.Address))];
        return addresses.Next(last, used.Union(reserved).ToHashSet(StringComparer.Ordinal));
    }

    private static string CidrOf(NetworkResponse network) => network.IPAM?.Config is [var config, ..] ? config.Subnet : "";

    private async Task<NetworkResponse?> FindAsync(CancellationToken cancel) =>
        await engine.FindAsync(docker => docker.Networks.InspectNetworkAsync(Name, cancel), cancel);

    private async Task<PodRange> ReadRangeAsync(CancellationToken cancel) =>
        await FindAsync(cancel) is { } network
            ? PodRange.Parse(CidrOf(network))
            : throw new RuntimeException(RuntimeError.NotFound, $"The pod network {Name} is not there.");

    private Task CreateAsync(PodRange wanted, CancellationToken cancel) => engine.CallAsync(
        async docker =>
        {
            try
            {
                await docker.Networks.CreateNetworkAsync(
                    new NetworksCreateParameters
                    {
                        Name = Name,
                        Driver = "bridge",
                        CheckDuplicate = true,
                        IPAM = new IPAM { Config = [new IPAMConfig { Subnet = wanted.Cidr, Gateway = wanted.Gateway }] },
                        Labels = new Dictionary<string, string> { [EngineLabels.Node] = engine.Options.Node },
                    },
                    cancel);
            }
            catch (DockerApiException exception) when (exception.StatusCode == HttpStatusCode.Conflict && exception.Message.Contains("already exists", StringComparison.Ordinal))
            {
                // Somebody else was faster; the name is what counts.
            }
        },
        cancel);
}
