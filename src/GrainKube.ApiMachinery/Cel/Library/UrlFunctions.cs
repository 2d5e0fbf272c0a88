using System.Net;
using GrainKube.ApiMachinery.Cel.Checking;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Library;

/// <summary>URLs: absolute, or a path from the root.</summary>
internal static class UrlFunctions
{
    public static void AddTo(FunctionTable table)
    {
        table.Global("url", "string -> kubernetes.URL", static a => CelUrl.Parse(a[0].AsString) is { } url
            ? CelValue.Of(url)
            : CelValue.Fail($"URL parse error during conversion from string: parse {Printing.CelPrinter.Quote(a[0].AsString)}: invalid URI for request"));
        table.Global("isURL", "string -> bool", static a => CelValue.Of(CelUrl.Parse(a[0].AsString) is not null));
        Part(table, "getScheme", static u => CelValue.Of(u.Scheme));
        Part(table, "getHost", static u => CelValue.Of(u.Host));
        Part(table, "getHostname", static u => CelValue.Of(u.HostName));
        Part(table, "getPort", static u => CelValue.Of(u.Port));
        Part(table, "getEscapedPath", static u => CelValue.Of(u.EscapedPath));
        table.Member("getQuery", "kubernetes.URL -> map(string, list(string))", static a => Query(((CelUrl)a[0].AsOpaque).Query));
        table.Costs(static (a, _) => Costs.Scan(Costs.Size(a[0])), "url", "isURL");
    }

    private static void Part(FunctionTable table, string name, Func<CelUrl, CelValue> part) =>
        table.Member(name, "kubernetes.URL -> string", a => part((CelUrl)a[0].AsOpaque));

    private static CelValue Query(string query)
    {
        var map = new CelDictionary(4);
        foreach (var group in query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(static p => p.Split('=', 2)).GroupBy(static p => WebUtility.UrlDecode(p[0])))
        {
            map.Add(CelValue.Of(group.Key), CelValue.Of([.. group.Select(static p => CelValue.Of(p.Length > 1 ? WebUtility.UrlDecode(p[1]) : ""))]));
        }

        return CelValue.Of(map);
    }
}

/// <summary>The pieces of a URL as they are written.</summary>
internal sealed class CelUrl : CelOpaque
{
    private static readonly CelType UrlType = CelType.Opaque("kubernetes.URL");
    private readonly string text;

    private CelUrl(string text) => this.text = text;

    public override CelType Type => UrlType;
    public string Scheme { get; private init; } = "";
    public string Host { get; private init; } = "";
    public string EscapedPath { get; private init; } = "";
    public string Query { get; private init; } = "";

    public string HostName => Host.StartsWith('[') ? Host[1..Math.Max(1, Host.IndexOf(']'))] : Host.LastIndexOf(':') is var colon and >= 0 ? Host[..colon] : Host;

    public string Port => Host.LastIndexOf(':') is var colon and >= 0 && colon > Host.LastIndexOf(']') ? Host[(colon + 1)..] : "";

    public static CelUrl? Parse(string text)
    {
        if (text.Length == 0 || text.Any(static c => c <= ' ' || c == 127) || !PercentIsRight(text))
        {
            return null;
        }

        var (rest, scheme, host) = (text, "", "");
        if (!text.StartsWith('/'))
        {
            var colon = text.IndexOf(':');
            if (colon <= 0 || !char.IsAsciiLetter(text[0]) || !text.AsSpan(0, colon).ToString().All(static c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.'))
            {
                return null;
            }

            (scheme, rest) = (text[..colon].ToLowerInvariant(), text[(colon + 1)..]);
        }

        var question = rest.IndexOf('?');
        var query = question < 0 ? "" : rest[(question + 1)..];
        rest = question < 0 ? rest : rest[..question];
        if (scheme.Length > 0 && rest.StartsWith("//", StringComparison.Ordinal))
        {
            var slash = rest.IndexOf('/', 2);
            host = slash < 0 ? rest[2..] : rest[2..slash];
            rest = slash < 0 ? "" : rest[slash..];
            host = host[(host.LastIndexOf('@') + 1)..];
        }

        var made = new CelUrl(text) { Scheme = scheme, Host = host, EscapedPath = rest, Query = query };
        return made.Port.All(char.IsAsciiDigit) && (!host.StartsWith('[') || host.Contains(']')) ? made : null;
    }

    public override bool Same(CelOpaque other) => other is CelUrl url && url.text == text;

    public override string ToString() => text;

    private static bool PercentIsRight(string text)
    {
        for (var at = text.IndexOf('%'); at >= 0; at = text.IndexOf('%', at + 1))
        {
            if (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2]))
            {
                return false;
            }
        }

        return true;
    }
}
