using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Storage;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources.ResourceClaims;

/// <summary>Rules for what a claim was given, and who may use it.</summary>
internal static class ClaimStatusRules
{
    private const int MaximumConsumers = 256;
    private const int MaximumConditions = 8;
    private const int MaximumDataBytes = 10 * 1024;
    private const int MaximumInterfaceName = 256;
    private const int MaximumHardwareAddress = 128;
    private const int MaximumAddresses = 16;

    public static void Check(Resourcev1ResourceClaim next, Resourcev1ResourceClaim current, FieldErrors errors)
    {
        var (status, old) = (next.Status ?? new V1ResourceClaimStatus(), current.Status ?? new V1ResourceClaimStatus());
        errors.At("reservedFor").EachOnce(status.ReservedFor, MaximumConsumers, c => c.Uid ?? "", Consumer);
        var given = (status.Allocation?.Devices?.Results ?? []).Select(r => Id(r.Driver, r.Pool, r.Device, r.ShareID)).ToHashSet(StringComparer.Ordinal);
        errors.At("devices").EachOnce(status.Devices, int.MaxValue, d => Id(d.Driver, d.Pool, d.Device, d.ShareID), (device, place) => Device(device, given, place));
        Reserved(status, old, next.Metadata?.DeletionTimestamp is not null, errors.At("reservedFor"));
        switch (status.Allocation, old.Allocation)
        {
            case ({ } now, { } before):
                if (!ModelEquality.AreSame(now, before))
                {
                    errors.At("allocation").Invalid(now, "field is immutable");
                }

                break;
            case ({ } now, null):
                AllocationRules.Check(now, new RequestNames(next.Spec?.Devices), errors.At("allocation"));
                break;
        }
    }

    private static void Reserved(V1ResourceClaimStatus status, V1ResourceClaimStatus old, bool isDeleted, FieldErrors errors)
    {
        if (status.ReservedFor is not { Count: > 0 } consumers)
        {
            return;
        }

        if (status.Allocation is null)
        {
            errors.Forbidden("may not be specified when `allocated` is not set");
        }
        else if (isDeleted && consumers.Select(Identity).Except((old.ReservedFor ?? []).Select(Identity)).Any())
        {
            errors.Forbidden("new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set");
        }
    }

    private static (string?, string?, string?, string?) Identity(V1ResourceClaimConsumerReference consumer) => (consumer.ApiGroup, consumer.Resource, consumer.Name, consumer.Uid);

    private static void Consumer(V1ResourceClaimConsumerReference consumer, FieldErrors errors)
    {
        errors.At("resource").MustBeSet(consumer.Resource);
        errors.At("name").MustBeSet(consumer.Name);
        errors.At("uid").MustBeSet(consumer.Uid);
    }

    private static void Device(V1AllocatedDeviceStatus device, HashSet<string> given, FieldErrors errors)
    {
        CsiDriverNameRules.Check(device.Driver, errors.At("driver"));
        DeviceNameRules.Pool(device.Pool, errors.At("pool"));
        DeviceNameRules.Label(device.Device, errors.At("device"));
        DeviceNameRules.Share(device.ShareID, errors.At("shareID"));
        var id = Id(device.Driver, device.Pool, device.Device, device.ShareID);
        if (!given.Contains(id))
        {
            errors.Invalid(id, "must be an allocated device in the claim");
        }

        var conditions = errors.At("conditions");
        if (device.Conditions?.Count > MaximumConditions)
        {
            conditions.TooMany(device.Conditions.Count, MaximumConditions);
        }

        ConditionRules.Check(device.Conditions, conditions);
        if (device.Data is not null)
        {
            DeviceConfigurationRules.Json(device.Data, stored: false, MaximumDataBytes, errors.At("data"));
        }

        if (device.NetworkData is { } network)
        {
            Network(network, errors.At("networkData"));
        }
    }

    private static void Network(V1NetworkDeviceData network, FieldErrors errors)
    {
        if (network.InterfaceName?.Length > MaximumInterfaceName)
        {
            errors.At("interfaceName").TooLong(MaximumInterfaceName);
        }

        if (network.HardwareAddress?.Length > MaximumHardwareAddress)
        {
            errors.At("hardwareAddress").TooLong(MaximumHardwareAddress);
        }

        errors.At("ips").EachOnce(network.Ips, MaximumAddresses, a => a, Address);
    }

    /// <summary>An address with the size of its network, of which the bits for the host may be set.</summary>
    private static void Address(string address, FieldErrors errors)
    {
        var slash = address.IndexOf('/', StringComparison.Ordinal);
        var isAddress = slash > 0 && System.Net.IPAddress.TryParse(address[..slash], out var ip)
            && int.TryParse(address[(slash + 1)..], out var bits) && bits >= 0 && bits <= ip.GetAddressBytes().Length * 8;
        if (!isAddress)
        {
            errors.Invalid(address, "must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)");
        }
    }

    private static string Id(string? driver, string? pool, string? device, string? share) => $"{driver}/{pool}/{device}" + (string.IsNullOrEmpty(share) ? "" : $"/{share}");
}
