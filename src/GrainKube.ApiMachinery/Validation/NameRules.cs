using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace GrainKube.ApiMachinery.Validation;

/// <summary>
/// Upstream's rules for names, keys, ports and addresses. Each returns what is wrong in upstream's words; an empty list means valid.
/// </summary>
public static class NameRules
{
    private static readonly SearchValues<char> LowerCase = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private const string LabelFormat = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private const string SubdomainFormat = LabelFormat + @"(\." + LabelFormat + ")*";
    private const string Rfc1035Format = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private const string QualifiedFormat = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private const string QualifiedWords = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

    /// <summary>RFC 1123 label: 63 characters, lower case, digits and hyphens.</summary>
    public static IReadOnlyList<string> DnsLabel(string value)
    {
        if (value.Length is > 0 and <= 63 && IsLabel(value))
        {
            return [];
        }

        var wrong = new List<string>(2);
        AddTooLong(wrong, value, 63, "characters");
        if (!IsLabel(value))
        {
            wrong.Add(IsSubdomain(value)
                ? "must not contain dots"
                : Mismatch(
                    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
                    LabelFormat,
                    "my-name",
                    "123-abc"));
        }

        return wrong;
    }

    /// <summary>RFC 1123 subdomain: labels joined by dots, 253 characters.</summary>
    public static IReadOnlyList<string> DnsSubdomain(string value) => Subdomain(value, "characters");

    /// <summary>RFC 1035 label: an RFC 1123 label that starts with a letter.</summary>
    public static IReadOnlyList<string> Dns1035Label(string value)
    {
        var wrong = new List<string>(0);
        AddTooLong(wrong, value, 63, "characters");
        if (!IsLabel(value) || !char.IsAsciiLetterLower(value[0]))
        {
            wrong.Add(Mismatch(
                "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
                Rfc1035Format,
                "my-name",
                "abc-123"));
        }

        return wrong;
    }

    /// <summary><c>*.example.com</c>.</summary>
    public static IReadOnlyList<string> WildcardDnsSubdomain(string value)
    {
        var wrong = new List<string>(0);
        AddTooLong(wrong, value, 253, "characters");
        if (!value.StartsWith("*.", StringComparison.Ordinal) || !IsSubdomain(value.AsSpan(2)))
        {
            wrong.Add(Mismatch(
                "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
                @"\*\." + SubdomainFormat,
                "*.example.com"));
        }

        return wrong;
    }

    /// <summary>A label key (upstream: qualified name): an optional DNS subdomain, a slash, and a name of 63 characters.</summary>
    public static IReadOnlyList<string> LabelKey(string value)
    {
        var slash = value.IndexOf('/');
        var name = value.AsSpan(slash + 1);
        if (name.Contains('/'))
        {
            return ["a valid label key " + QualifiedMismatch() + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"];
        }

        if (name.Length is > 0 and <= 63 && IsQualified(name) && (slash < 0 || (slash is > 0 and <= 253 && IsSubdomain(value.AsSpan(0, slash)))))
        {
            return [];
        }

        var wrong = new List<string>(2);
        if (slash == 0)
        {
            wrong.Add("prefix part must be non-empty");
        }
        else if (slash > 0)
        {
            wrong.AddRange(Subdomain(value[..slash], "bytes").Select(w => "prefix part " + w));
        }

        if (name.Length == 0)
        {
            wrong.Add("name part must be non-empty");
        }
        else if (name.Length > 63)
        {
            wrong.Add("name part must be no more than 63 bytes");
        }

        if (!IsQualified(name))
        {
            wrong.Add("name part " + QualifiedMismatch());
        }

        return wrong;
    }

    /// <summary>Empty, or 63 characters of letters, digits, <c>-</c>, <c>_</c>, <c>.</c></summary>
    public static IReadOnlyList<string> LabelValue(string value)
    {
        if (value.Length == 0 || (value.Length <= 63 && IsQualified(value)))
        {
            return [];
        }

        var wrong = new List<string>(2);
        AddTooLong(wrong, value, 63, "bytes");
        if (!IsQualified(value))
        {
            wrong.Add(Mismatch("a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character", $"({QualifiedFormat})?", "MyValue", "my_value", "12345"));
        }

        return wrong;
    }

    /// <summary>A name that fits into one segment of a path.</summary>
    public static IReadOnlyList<string> PathSegment(string value) => value is "." or ".." ? [$"may not be '{value}'"] : PathSegmentPrefix(value);

    /// <summary>The beginning of such a name.</summary>
    public static IReadOnlyList<string> PathSegmentPrefix(string value)
    {
        var wrong = new List<string>(0);
        foreach (var part in (ReadOnlySpan<string>)["/", "%"])
        {
            if (value.Contains(part, StringComparison.Ordinal))
            {
                wrong.Add($"may not contain '{part}'");
            }
        }

        return wrong;
    }

    public static IReadOnlyList<string> CIdentifier(string value) =>
        value.Length > 0 && !char.IsAsciiDigit(value[0]) && value.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? []
            : [Mismatch("a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'", "[A-Za-z_][A-Za-z0-9_]*", "my_name", "MY_NAME", "MyName")];

    /// <summary>Names of environment variables: any printable ASCII but the equals sign.</summary>
    public static IReadOnlyList<string> EnvironmentVariable(string value)
    {
        if (value.Length == 0)
        {
            return ["environment variable name must be non-empty"];
        }

        return !value.AsSpan().ContainsAnyExceptInRange(' ', '~') && !value.Contains('=')
            ? []
            : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
    }

    /// <summary>Keys of ConfigMaps and Secrets.</summary>
    public static IReadOnlyList<string> ConfigMapKey(string value)
    {
        var wrong = new List<string>(0);
        AddTooLong(wrong, value, 253, "characters");
        if (value.Length == 0 || !value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            wrong.Add(Mismatch("a valid config key must consist of alphanumeric characters, '-', '_' or '.'", "[-._a-zA-Z0-9]+", "key.name", "KEY_NAME", "key-name"));
        }

        wrong.AddRange(value switch
        {
            "." => ["must not be '.'"],
            ".." => ["must not be '..'"],
            _ when value.StartsWith("..", StringComparison.Ordinal) => ["must not start with '..'"],
            _ => (string[])[],
        });
        return wrong;
    }

    public static IReadOnlyList<string> HttpHeaderName(string value) =>
        value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? []
            : [Mismatch("a valid HTTP header must consist of alphanumeric characters or '-'", "[-A-Za-z0-9]+", "X-Header-Name")];

    /// <summary>What may follow the host in a URL, without escapes.</summary>
    public static IReadOnlyList<string> HttpPath(string value) =>
        value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || "/-._~%!$&'()*+,;=:".Contains(c))
            ? []
            : [$"Invalid path (regex used for validation is '{@"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+"}')"];

    /// <summary>1 to 65535.</summary>
    public static IReadOnlyList<string> PortNumber(long port) => InRange(port, 1, 65535);

    /// <summary>A named port: at most 15 of lower case letters, digits and single hyphens, with a letter.</summary>
    public static IReadOnlyList<string> PortName(string value)
    {
        var wrong = new List<string>(0);
        AddTooLong(wrong, value, 15, "characters");
        if (value.Length == 0 || value.AsSpan().ContainsAnyExcept(LowerCase))
        {
            wrong.Add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }

        if (!value.AsSpan().ContainsAnyInRange('a', 'z'))
        {
            wrong.Add("must contain at least one letter (a-z)");
        }

        if (value.Contains("--", StringComparison.Ordinal))
        {
            wrong.Add("must not contain consecutive hyphens");
        }

        if (value.Length > 0 && (value[0] == '-' || value[^1] == '-'))
        {
            wrong.Add("must not begin or end with a hyphen");
        }

        return wrong;
    }

    /// <summary><c>25%</c>.</summary>
    public static IReadOnlyList<string> Percent(string value) =>
        value.Length > 1 && value[^1] == '%' && value.AsSpan(0, value.Length - 1).IndexOfAnyExceptInRange('0', '9') < 0
            ? []
            : [Mismatch("a valid percent string must be a numeric string followed by an ending '%'", "[0-9]+%", "1%", "93%")];

    public static IReadOnlyList<string> InRange(long value, long lowest, long highest) =>
        value >= lowest && value <= highest ? [] : [$"must be between {lowest} and {highest}, inclusive"];

    /// <summary>User and group ids.</summary>
    public static IReadOnlyList<string> UnixId(long value) => InRange(value, 0, int.MaxValue);

    /// <summary>An address as the API accepts it: no leading zeros, no IPv4 mapped into IPv6.</summary>
    public static IReadOnlyList<string> Ip(string value)
    {
        if (!IsIp(value, out var address))
        {
            return ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"];
        }

        if (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != value)
        {
            return ["must not have leading 0s"];
        }

        return address.IsIPv4MappedToIPv6 ? ["must not be an IPv4-mapped IPv6 address"] : [];
    }

    /// <summary>An address block: <c>10.9.8.0/24</c>.</summary>
    public static IReadOnlyList<string> Cidr(string value)
    {
        const string complaint = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
        var slash = value.IndexOf('/');
        if (slash < 0 || !IsIp(value[..slash], out var address)
            || !int.TryParse(value.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length > (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128))
        {
            return [complaint];
        }

        return IPNetwork.TryParse(value, out var block) && block.BaseAddress.Equals(address) ? [] : ["must not have bits set beyond the prefix length"];
    }

    private static bool IsIp(string value, out IPAddress address)
    {
        address = IPAddress.None;

        // .NET also takes "1", "1.2" and zones, which Go does not.
        var plausible = value.Contains(':') ? !value.Contains('%') && !value.Contains('[') : value.Count(c => c == '.') == 3 && value.All(c => char.IsAsciiDigit(c) || c == '.');
        return plausible && IPAddress.TryParse(value, out address!);
    }

    private static IReadOnlyList<string> Subdomain(string value, string unit)
    {
        if (value.Length <= 253 && IsSubdomain(value))
        {
            return [];
        }

        var wrong = new List<string>(2);
        AddTooLong(wrong, value, 253, unit);
        if (!IsSubdomain(value))
        {
            wrong.Add(Mismatch(
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
                SubdomainFormat,
                "example.com"));
        }

        return wrong;
    }

    private static bool IsLabel(ReadOnlySpan<char> value)
    {
        if (value.IsEmpty || value[0] == '-' || value[^1] == '-')
        {
            return false;
        }

        foreach (var c in value)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsSubdomain(ReadOnlySpan<char> value)
    {
        foreach (var part in value.Split('.'))
        {
            if (!IsLabel(value[part]))
            {
                return false;
            }
        }

        return !value.IsEmpty;
    }

    private static bool IsQualified(ReadOnlySpan<char> value)
    {
        if (value.IsEmpty || !char.IsAsciiLetterOrDigit(value[0]) || !char.IsAsciiLetterOrDigit(value[^1]))
        {
            return false;
        }

        foreach (var c in value)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return true;
    }

    private static string QualifiedMismatch() => Mismatch(QualifiedWords, QualifiedFormat, "MyName", "my.name", "123-abc");

    /// <summary>The spaces are upstream's.</summary>
    private static string Mismatch(string words, string format, params ReadOnlySpan<string> examples) =>
        $"{words} (e.g. '{string.Join("',  or '", examples!)}', regex used for validation is '{format}')";

    private static void AddTooLong(List<string> wrong, string value, int maximum, string unit)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(value) > maximum)
        {
            wrong.Add(string.Create(CultureInfo.InvariantCulture, $"must be no more than {maximum} {unit}"));
        }
    }
}
