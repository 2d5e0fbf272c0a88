using System.Net;
using System.Net.Sockets;

namespace GrainKube.Resources.Networking;

/// <summary>IPv6 has many spellings of one address; whoever compares texts is warned of all but the canonical one (RFC 5952). What is no address at all is an error and told elsewhere.</summary>
internal static class AddressWarnings
{
    public static void Address(string? value, string path, IList<string> warnings)
    {
        if (Canonical(value) is { } canonical && canonical != value)
        {
            warnings.Add($"{path}: IPv6 address \"{value}\" should be in RFC 5952 canonical format (\"{canonical}\")");
        }
    }

    public static void Addresses(IList<string>? values, string path, IList<string> warnings)
    {
        for (var i = 0; i < values?.Count; i++)
        {
            Address(values[i], $"{path}[{i}]", warnings);
        }
    }

    public static void Block(string? value, string path, IList<string> warnings)
    {
        var slash = value?.IndexOf('/') ?? -1;
        if (slash > 0 && Canonical(value![..slash]) is { } canonical && !value.StartsWith($"{canonical}/", StringComparison.Ordinal))
        {
            warnings.Add($"{path}: IPv6 CIDR value \"{value}\" should be in RFC 5952 canonical format (\"{canonical}{value[slash..]}\")");
        }
    }

    public static void Blocks(IList<string>? values, string path, IList<string> warnings)
    {
        for (var i = 0; i < values?.Count; i++)
        {
            Block(values[i], $"{path}[{i}]", warnings);
        }
    }

    private static string? Canonical(string? value) =>
        value?.Contains(':') == true && IPAddress.TryParse(value, out var address) && address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } ? address.ToString() : null;
}
