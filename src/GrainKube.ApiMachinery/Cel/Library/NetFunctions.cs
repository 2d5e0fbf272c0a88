using System.Globalization;
using System.Net;
using System.Net.Sockets;
using GrainKube.ApiMachinery.Cel.Checking;
using GrainKube.ApiMachinery.Cel.Printing;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Library;

/// <summary>IP addresses and address ranges.</summary>
internal static class NetFunctions
{
    public static void AddTo(FunctionTable table)
    {
        table.Global("ip", "string -> net.IP", static a => NetAddress.ParseIp(a[0].AsString) is { } ip ? CelValue.Of(ip) : BadIp(a[0]));
        table.Global("isIP", "string -> bool", static a => CelValue.Of(NetAddress.ParseIp(a[0].AsString) is not null));
        table.Global("ip.isCanonical", "string -> bool", static a => NetAddress.ParseIp(a[0].AsString) is { } ip ? CelValue.Of(ip.ToString() == a[0].AsString) : BadIp(a[0]));
        table.Global("cidr", "string -> net.CIDR", static a => NetAddress.ParseCidr(a[0].AsString) is { } cidr ? CelValue.Of(cidr) : BadCidr(a[0]));
        table.Global("isCIDR", "string -> bool", static a => CelValue.Of(NetAddress.ParseCidr(a[0].AsString) is not null));
        table.Member("family", "net.IP -> int", static a => CelValue.Of(In(a[0]).Address.AddressFamily == AddressFamily.InterNetwork ? 4L : 6));
        Test(table, "isUnspecified", static ip => ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));
        Test(table, "isLoopback", IPAddress.IsLoopback);
        Test(table, "isLinkLocalMulticast", static ip => ip.GetAddressBytes() is [224, 0, 0, _] or [0xff, 2, _, _, _, ..]);
        Test(table, "isLinkLocalUnicast", static ip => ip.IsIPv6LinkLocal || ip.GetAddressBytes() is [169, 254, _, _]);
        Test(table, "isGlobalUnicast", IsGlobalUnicast);
        table.Member("ip", "net.CIDR -> net.IP", static a => CelValue.Of(new NetAddress(In(a[0]).Address, null)));
        table.Member("prefixLength", "net.CIDR -> int", static a => CelValue.Of((long)In(a[0]).Prefix!.Value));
        table.Member("masked", "net.CIDR -> net.CIDR", static a => CelValue.Of(In(a[0]).Masked()));
        table.Member("containsIP", "net.CIDR, net.IP -> bool", static a => CelValue.Of(In(a[0]).Contains(In(a[1]))));
        table.Member("containsIP", "net.CIDR, string -> bool", static a => NetAddress.ParseIp(a[1].AsString) is { } ip ? CelValue.Of(In(a[0]).Contains(ip)) : BadIp(a[1]));
        table.Member("containsCIDR", "net.CIDR, net.CIDR -> bool", static a => CelValue.Of(Within(a[0], In(a[1]))));
        table.Member("containsCIDR", "net.CIDR, string -> bool", static a => NetAddress.ParseCidr(a[1].AsString) is { } cidr ? CelValue.Of(Within(a[0], cidr)) : BadCidr(a[1]));
        table.Costs(static (a, _) => a[0].Kind == CelKind.String ? Costs.Scan(Costs.Size(a[0])) : 1, "ip", "isIP", "cidr", "isCIDR");
        table.Costs(static (a, _) => Costs.Scan(Costs.Size(a[0]) * 2), "ip.isCanonical");
        table.Costs(static (a, _) => Costs.Scan(Costs.Size(a[0]) * 2) + (a[1].Kind == CelKind.String ? Costs.Scan(Costs.Size(a[1])) : 0), "containsIP");
        table.Costs(static (a, _) => Costs.Scan(Costs.Size(a[0]) * 2) + Costs.Scan(Costs.Size(a[0])) + 1 + (a[1].Kind == CelKind.String ? Costs.Scan(Costs.Size(a[1])) : 0), "containsCIDR");
    }

    private static void Test(FunctionTable table, string name, Func<IPAddress, bool> test) => table.Member(name, "net.IP -> bool", a => CelValue.Of(test(In(a[0]).Address)));

    private static NetAddress In(CelValue value) => (NetAddress)value.AsOpaque;

    private static bool Within(CelValue outer, NetAddress inner) => inner.Prefix >= In(outer).Prefix && In(outer).Contains(inner);

    private static bool IsGlobalUnicast(IPAddress ip) =>
        !ip.Equals(IPAddress.Any) && !ip.Equals(IPAddress.Broadcast) && !ip.Equals(IPAddress.IPv6Any) && !IPAddress.IsLoopback(ip) && !ip.IsIPv6Multicast && !ip.IsIPv6LinkLocal
        && ip.GetAddressBytes() is not ([>= 224 and < 240, _, _, _] or [169, 254, _, _]);

    private static CelValue BadIp(CelValue text) =>
        CelValue.Fail($"IP Address {CelPrinter.Quote(text.AsString)} parse error during conversion from string: ParseAddr({CelPrinter.Quote(text.AsString)}): unable to parse IP");

    private static CelValue BadCidr(CelValue text) => CelValue.Fail($"network address parse error during conversion from string: netip.ParsePrefix({CelPrinter.Quote(text.AsString)}): no valid prefix");
}

/// <summary>An address, or with a prefix length a range.</summary>
internal sealed class NetAddress(IPAddress address, int? prefix) : CelOpaque
{
    private static readonly CelType IpType = CelType.Opaque("net.IP");
    private static readonly CelType CidrType = CelType.Opaque("net.CIDR");

    public IPAddress Address => address;

    public int? Prefix => prefix;

    public override CelType Type => prefix is null ? IpType : CidrType;

    /// <summary>Bytes, of a range those of its prefix.</summary>
    public int Size => prefix is { } bits ? (bits + 7) / 8 : address.GetAddressBytes().Length;

    /// <summary>Strict: no leading zeros, no zone, no IPv4 inside IPv6.</summary>
    public static NetAddress? ParseIp(string text)
    {
        if (text.Length > 45 || text.AsSpan().IndexOfAny("%[]/ ") >= 0 || !IPAddress.TryParse(text, out var ip) || ip.IsIPv4MappedToIPv6)
        {
            return null;
        }

        return ip.AddressFamily == AddressFamily.InterNetwork && ip.ToString() != text ? null : new NetAddress(ip, null);
    }

    public static NetAddress? ParseCidr(string text)
    {
        var slash = text.IndexOf('/');
        if (slash < 0 || ParseIp(text[..slash]) is not { } ip)
        {
            return null;
        }

        var digits = text[(slash + 1)..];
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits.ToString(CultureInfo.InvariantCulture) == digits
            && bits <= ip.Address.GetAddressBytes().Length * 8
                ? new NetAddress(ip.Address, bits)
                : null;
    }

    public NetAddress Masked()
    {
        var bytes = address.GetAddressBytes();
        for (var bit = prefix!.Value; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new NetAddress(new IPAddress(bytes), prefix);
    }

    public bool Contains(NetAddress other) =>
        other.Address.AddressFamily == address.AddressFamily && new NetAddress(other.Address, prefix).Masked().Address.Equals(Masked().Address);

    public override bool Same(CelOpaque other) => other is NetAddress same && same.Prefix == prefix && same.Address.Equals(address);

    public override string ToString() => prefix is null ? address.ToString() : $"{address}/{prefix}";
}
