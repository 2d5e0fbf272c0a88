using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.ApiMachinery.Schemas.Values;

/// <summary>The formats of strings that upstream checks (<c>kube-openapi/pkg/validation/strfmt</c>); any other name is taken as a remark.</summary>
internal static partial class ValueFormats
{
    public static bool Matches(string format, string text) => format switch
    {
        "date-time" or "datetime" => DateTimes().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", out _),
        "duration" => Durations().IsMatch(text),
        "byte" => IsBase64(text),
        "ipv4" => Addresses().IsMatch(text) && IPAddress.TryParse(text, out _),
        "ipv6" => text.Contains(':') && !text.Contains('%') && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6,
        "cidr" => IPNetwork.TryParse(text, out _) || IsCidr(text),
        "mac" => Macs().IsMatch(text),
        "uuid" => Uuids().IsMatch(text),
        "uuid3" => Uuids().IsMatch(text) && Version(text) == '3',
        "uuid4" => Uuids().IsMatch(text) && Version(text) == '4',
        "uuid5" => Uuids().IsMatch(text) && Version(text) == '5',
        "email" => System.Net.Mail.MailAddress.TryCreate(text, out _),
        "hostname" => text.Length <= 255 && Hosts().IsMatch(text),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _) || (text.StartsWith('/') && Uri.TryCreate(text, UriKind.Relative, out _)),
        "hexcolor" => HexColors().IsMatch(text),
        "rgbcolor" => RgbColors().IsMatch(text),
        "bsonobjectid" => ObjectIds().IsMatch(text),
        "ssn" => SocialNumbers().IsMatch(text),
        "k8s-short-name" => NameRules.DnsLabel(text).Count == 0,
        "k8s-long-name" => NameRules.DnsSubdomain(text).Count == 0,
        _ => true,
    };

    private static bool IsBase64(string text) => text.Length % 4 == 0 && Convert.TryFromBase64String(text, new byte[(text.Length / 4 * 3) + 3], out _);

    private static bool IsCidr(string text) =>
        text.Split('/') is [var address, var bits] && IPAddress.TryParse(address, out var parsed) && int.TryParse(bits, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
        && length <= (parsed.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);

    private static char Version(string uuid) => uuid.Replace("-", "", StringComparison.Ordinal)[12];

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}([.,]\d+)?([Zz]|[+-]\d{2}:\d{2})\z")]
    private static partial Regex DateTimes();

    [GeneratedRegex(@"^(-?(\d+(\.\d+)?\s*(ns|us|µs|ms|s|m|h|d|w|[a-z]*(second|minute|hour|day|week)s?)\s*)+|0)\z")]
    private static partial Regex Durations();

    [GeneratedRegex(@"^\d{1,3}(\.\d{1,3}){3}\z")]
    private static partial Regex Addresses();

    [GeneratedRegex(@"^([0-9A-Fa-f]{2}[:-]){5,7}[0-9A-Fa-f]{2}\z")]
    private static partial Regex Macs();

    [GeneratedRegex(@"^[0-9A-Fa-f]{8}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{12}\z")]
    private static partial Regex Uuids();

    [GeneratedRegex(@"^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\.?\z")]
    private static partial Regex Hosts();

    [GeneratedRegex(@"^#?([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})\z")]
    private static partial Regex HexColors();

    [GeneratedRegex(@"^rgb\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*\)\z")]
    private static partial Regex RgbColors();

    [GeneratedRegex(@"^[0-9A-Fa-f]{24}\z")]
    private static partial Regex ObjectIds();

    [GeneratedRegex(@"^\d{3}[- ]?\d{2}[- ]?\d{4}\z")]
    private static partial Regex SocialNumbers();
}
