using System.Globalization;
using GrainKube.ApiMachinery.Cel.Checking;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Library;

/// <summary>Versions by semver.org, 2.0.</summary>
internal static class SemverFunctions
{
    private const string V = "kubernetes.Semver";

    public static void AddTo(FunctionTable table)
    {
        table.Global("semver", $"string -> {V}", static a => Make(a[0].AsString, normalize: false));
        table.Global("semver", $"string, bool -> {V}", static a => Make(a[0].AsString, a[1].AsBool));
        table.Global("isSemver", "string -> bool", static a => CelValue.Of(Semver.Parse(a[0].AsString, normalize: false) is not null));
        table.Global("isSemver", "string, bool -> bool", static a => CelValue.Of(Semver.Parse(a[0].AsString, a[1].AsBool) is not null));
        table.Member("isGreaterThan", $"{V}, {V} -> bool", static a => CelValue.Of(Compare(a) > 0));
        table.Member("isLessThan", $"{V}, {V} -> bool", static a => CelValue.Of(Compare(a) < 0));
        table.Member("compareTo", $"{V}, {V} -> int", static a => CelValue.Of((long)Compare(a)));
        table.Member("major", $"{V} -> int", static a => CelValue.Of((long)((Semver)a[0].AsOpaque).Numbers[0]));
        table.Member("minor", $"{V} -> int", static a => CelValue.Of((long)((Semver)a[0].AsOpaque).Numbers[1]));
        table.Member("patch", $"{V} -> int", static a => CelValue.Of((long)((Semver)a[0].AsOpaque).Numbers[2]));
        table.Costs(static (a, _) => Costs.Scan(Costs.Size(a[0])), "semver", "isSemver");
    }

    private static int Compare(ReadOnlySpan<CelValue> a) => ((Semver)a[0].AsOpaque).CompareTo((Semver)a[1].AsOpaque);

    private static CelValue Make(string text, bool normalize) => Semver.Parse(text, normalize) is { } version ? CelValue.Of(version) : CelValue.Fail("No Major.Minor.Patch elements found");

    private sealed class Semver(ulong[] numbers, string[] prerelease, string text) : CelOpaque
    {
        private static readonly CelType SemverType = CelType.Opaque(V);

        public ulong[] Numbers => numbers;

        public override CelType Type => SemverType;

        /// <param name="text">The version.</param>
        /// <param name="normalize">Take a leading v, missing parts and leading zeros.</param>
        public static Semver? Parse(string text, bool normalize)
        {
            var body = normalize ? text.TrimStart('v') : text;
            var plus = body.IndexOf('+');
            var build = plus < 0 ? [] : body[(plus + 1)..].Split('.');
            body = plus < 0 ? body : body[..plus];
            var dash = body.IndexOf('-');
            var prerelease = dash < 0 ? [] : body[(dash + 1)..].Split('.');
            var core = (dash < 0 ? body : body[..dash]).Split('.');
            if (normalize)
            {
                core = [.. core.Select(static p => p.Length > 1 ? p.TrimStart('0').PadLeft(1, '0') : p), .. Enumerable.Repeat("0", Math.Max(0, 3 - core.Length))];
            }

            if (core.Length != 3 || !prerelease.All(static p => IsPart(p) && !(IsNumber(p) && HasZero(p))) || !build.All(IsPart))
            {
                return null;
            }

            var numbers = new ulong[3];
            for (var i = 0; i < 3; i++)
            {
                if (HasZero(core[i]) || !ulong.TryParse(core[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                {
                    return null;
                }
            }

            return new Semver(numbers, prerelease, text);
        }

        public int CompareTo(Semver other)
        {
            var order = numbers.AsSpan().SequenceCompareTo(other.Numbers);
            if (order != 0)
            {
                return Math.Sign(order);
            }

            var (mine, yours) = (prerelease, other.Prerelease);
            if (mine.Length == 0 || yours.Length == 0)
            {
                return (mine.Length == 0).CompareTo(yours.Length == 0);
            }

            for (var i = 0; i < Math.Min(mine.Length, yours.Length); i++)
            {
                order = (IsNumber(mine[i]), IsNumber(yours[i])) switch
                {
                    (true, true) => mine[i].Length != yours[i].Length ? mine[i].Length.CompareTo(yours[i].Length) : string.CompareOrdinal(mine[i], yours[i]),
                    (true, false) => -1,
                    (false, true) => 1,
                    _ => string.CompareOrdinal(mine[i], yours[i]),
                };
                if (order != 0)
                {
                    return Math.Sign(order);
                }
            }

            return mine.Length.CompareTo(yours.Length);
        }

        public override bool Same(CelOpaque other) => other is Semver version && CompareTo(version) == 0;

        public override string ToString() => text;

        private string[] Prerelease => prerelease;

        private static bool IsPart(string part) => part.Length > 0 && part.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-');

        private static bool IsNumber(string part) => part.All(char.IsAsciiDigit);

        private static bool HasZero(string part) => part.Length > 1 && part[0] == '0';
    }
}
