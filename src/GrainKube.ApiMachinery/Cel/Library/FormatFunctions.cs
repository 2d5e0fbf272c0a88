using System.Globalization;
using GrainKube.ApiMachinery.Cel.Checking;
using GrainKube.ApiMachinery.Cel.Values;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.ApiMachinery.Cel.Library;

/// <summary>Named formats of text: <c>format.dns1123Label().validate('x')</c> gives what is wrong, or nothing.</summary>
internal static class FormatFunctions
{
    private const string F = "kubernetes.NamedFormat";

    /// <summary>A name's beginning may end in a dash: something follows it.</summary>
    private static readonly NamedFormat[] All =
    [
        new("dns1123Label", 30, NameRules.DnsLabel),
        new("dns1123Subdomain", 60, NameRules.DnsSubdomain),
        new("dns1035Label", 30, NameRules.Dns1035Label),
        new("qualifiedName", 60, NameRules.LabelKey),
        new("dns1123LabelPrefix", 30, static s => NameRules.DnsLabel(Masked(s))),
        new("dns1123SubdomainPrefix", 60, static s => NameRules.DnsSubdomain(Masked(s))),
        new("dns1035LabelPrefix", 30, static s => NameRules.Dns1035Label(Masked(s))),
        new("labelValue", 40, NameRules.LabelValue),
        new("uri", 1000, static s => CelUrl.Parse(s) is null ? [$"parse \"{s}\": invalid URI for request"] : []),
        new("uuid", 90, static s => Guid.TryParseExact(s, s.Contains('-') ? "D" : "N", out _) ? [] : ["does not match the UUID format"]),
        new("byte", 100, static s => s.Length % 4 == 0 && Convert.TryFromBase64String(s, new byte[s.Length], out _) ? [] : ["invalid base64"]),
        new("date", 20, static s => DateTime.TryParseExact(s, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? [] : ["invalid date"]),
        new("datetime", 60, static s => Times.TryTimestamp(s, out _) ? [] : ["invalid datetime"]),
    ];

    public static void AddTo(FunctionTable table)
    {
        foreach (var format in All)
        {
            table.Global($"format.{format.Name}", $"-> {F}", _ => CelValue.Of(format));
        }

        table.Global("format.named", $"string -> optional({F})", static a =>
            Array.Find(All, new Named(a[0].AsString).Is) is { } found ? CelValue.OfOptional(CelValue.Of(found)) : CelValue.NoOptional);
        table.Member("validate", $"{F}, string -> optional(list(string))", static a =>
        {
            var wrong = ((NamedFormat)a[0].AsOpaque).Validate(a[1].AsString);
            return wrong.Count == 0 ? CelValue.NoOptional : CelValue.OfOptional(CelValue.Of([.. wrong.Select(CelValue.Of)]));
        });
        table.Costs(static (a, _) => Costs.Scan(Costs.Size(a[1]) + 1) * ((((NamedFormat)a[0].AsOpaque).RegexSize + 3) / 4), "validate");
    }

    private static string Masked(string prefix) => prefix.Length > 1 && prefix.EndsWith('-') ? prefix[..^1] + "a" : prefix;

    private readonly record struct Named(string Name)
    {
        public bool Is(NamedFormat format) => format.Name == Name;
    }

    private sealed class NamedFormat(string name, int regexSize, Func<string, IReadOnlyList<string>> validate) : CelOpaque
    {
        private static readonly CelType FormatType = CelType.Opaque(F);

        public string Name => name;

        public int RegexSize => regexSize;

        public override CelType Type => FormatType;

        public IReadOnlyList<string> Validate(string text) => validate(text);

        public override bool Same(CelOpaque other) => ReferenceEquals(this, other);

        public override string ToString() => name;
    }
}
