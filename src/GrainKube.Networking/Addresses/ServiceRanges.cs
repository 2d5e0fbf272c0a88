using System.Net;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using k8s.Models;

namespace GrainKube.Networking.Addresses;

/// <summary>The ranges that the ServiceCIDR objects name, as this silo's cache has them.</summary>
internal sealed class ServiceRanges(WatchCache cache)
{
    /// <summary>Name of the ServiceCIDR that every cluster has, made of <c>--service-cidr</c>.</summary>
    public const string DefaultName = "kubernetes";

    public static readonly GroupResource Cidrs = new("networking.k8s.io", "servicecidrs");
    public static readonly GroupResource Addresses = new("networking.k8s.io", "ipaddresses");

    /// <summary>Ranges that may be taken from, each with its object: an allocation holds only while that is unchanged.</summary>
    public IEnumerable<(AddressRange Range, KubeObject Owner)> Usable() =>
        from item in cache.Kind(Cidrs).Snapshot.All
        where IsUsable(item)
        from range in RangesOf(item)
        select (range, item);

    /// <summary>The families that services can have: those of the default ServiceCIDR.</summary>
    public IReadOnlyList<string> Families() =>
        cache.Kind(Cidrs).Get("", DefaultName) is { } item ? [.. RangesOf(item).Select(r => r.Family)] : [.. Usable().Select(u => u.Range.Family).Distinct()];

    /// <summary>As far as this silo knows, somebody has the address.</summary>
    public bool IsTaken(IPAddress address) => cache.Kind(Addresses).Get("", address.ToString()) is not null;

    /// <summary>The key of the object that stands for an address.</summary>
    public static ObjectKey KeyOf(string address) => new(Addresses.Group, Addresses.Resource, "", address);

    public static IEnumerable<AddressRange> RangesOf(KubeObject item) => (item.As<V1ServiceCIDR>().Spec?.Cidrs ?? []).Select(AddressRange.Parse).OfType<AddressRange>();

    /// <summary>Deleted ones give nothing out any more; nor does one that is marked as not ready.</summary>
    private static bool IsUsable(KubeObject item) =>
        item.Header.DeletionTimestamp is null && item.As<V1ServiceCIDR>().Status?.Conditions?.Any(c => c.Type == "Ready" && c.Status != "True") != true;
}
