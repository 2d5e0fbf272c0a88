using System.Text;
using GrainKube.ApiMachinery.Cel.Checking;
using GrainKube.ApiMachinery.Cel.Printing;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Library;

/// <summary>Functions of strings. Positions count code points.</summary>
internal static class StringFunctions
{
    /// <summary>A longer result counts as too expensive.</summary>
    private const int Longest = 8_000_000;

    public static void AddTo(FunctionTable table)
    {
        table.Member("contains", "string, string -> bool", static a => CelValue.Of(a[0].AsString.Contains(a[1].AsString, StringComparison.Ordinal)));
        table.Member("startsWith", "string, string -> bool", static a => CelValue.Of(a[0].AsString.StartsWith(a[1].AsString, StringComparison.Ordinal)));
        table.Member("endsWith", "string, string -> bool", static a => CelValue.Of(a[0].AsString.EndsWith(a[1].AsString, StringComparison.Ordinal)));
        table.Member("charAt", "string, int -> string", static a => CharAt(new Points(a[0].AsString), a[1].AsInt));
        table.Member("indexOf", "string, string -> int", static a => CelValue.Of(new Points(a[0].AsString).IndexOf(a[1].AsString, 0)));
        table.Member("indexOf", "string, string, int -> int", static a => From(a, static (p, text, at) => p.IndexOf(text, at)));
        table.Member("lastIndexOf", "string, string -> int", static a => CelValue.Of(new Points(a[0].AsString).LastIndexOf(a[1].AsString, int.MaxValue)));
        table.Member("lastIndexOf", "string, string, int -> int", static a => From(a, static (p, text, at) => p.LastIndexOf(text, at)));
        table.Member("lowerAscii", "string -> string", static a => CelValue.Of(Ascii(a[0].AsString, static c => c is >= 'A' and <= 'Z' ? (char)(c + 32) : c)));
        table.Member("upperAscii", "string -> string", static a => CelValue.Of(Ascii(a[0].AsString, static c => c is >= 'a' and <= 'z' ? (char)(c - 32) : c)));
        table.Member("replace", "string, string, string -> string", static a => Replace(a[0].AsString, a[1].AsString, a[2].AsString, -1));
        table.Member("replace", "string, string, string, int -> string", static a => Replace(a[0].AsString, a[1].AsString, a[2].AsString, a[3].AsInt));
        table.Member("reverse", "string -> string", static a => CelValue.Of(string.Concat(a[0].AsString.EnumerateRunes().Reverse().Select(r => r.ToString()))));
        table.Member("split", "string, string -> list(string)", static a => Split(a[0].AsString, a[1].AsString, -1));
        table.Member("split", "string, string, int -> list(string)", static a => Split(a[0].AsString, a[1].AsString, a[2].AsInt));
        table.Member("substring", "string, int -> string", static a => new Points(a[0].AsString) is var p ? Substring(p, a[1].AsInt, p.Count) : default);
        table.Member("substring", "string, int, int -> string", static a => Substring(new Points(a[0].AsString), a[1].AsInt, a[2].AsInt));
        table.Member("trim", "string -> string", static a => CelValue.Of(a[0].AsString.Trim()));
        table.Member("join", "list(string) -> string", static a => Join(a[0].AsList, ""));
        table.Member("join", "list(string), string -> string", static a => Join(a[0].AsList, a[1].AsString));
        table.Member("format", "string, list(dyn) -> string", static a => StringFormat.Apply(a[0].AsString, a[1].AsList));
        table.Global("strings.quote", "string -> string", static a => CelValue.Of(CelPrinter.Quote(a[0].AsString)));
        table.Global("jsonpatch.escapeKey", "string -> string", static a =>
            CelValue.Of(a[0].AsString.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)));
        table.Costs(static (a, _) => Costs.Scan(Costs.Size(a[1])), "startsWith", "endsWith");
        table.Costs(static (a, _) => Costs.Scan(Costs.Size(a[0])) * Costs.Scan(Costs.Size(a[1])), "contains");
        table.Costs(static (a, _) => Costs.Scan(Costs.Size(a[0])), "lowerAscii", "upperAscii", "substring", "trim", "charAt", "strings.quote", "jsonpatch.escapeKey");
        table.Costs(static (a, r) => Costs.Scan((Costs.Size(a[0]) * 2) + Costs.Size(r)), "replace", "split", "join", "format");
    }

    private static CelValue CharAt(Points text, long at) =>
        at < 0 || at > text.Count ? CelValue.Fail($"index out of range: {at}") : CelValue.Of(at == text.Count ? "" : text.Slice((int)at, (int)at + 1));

    private static CelValue From(ReadOnlySpan<CelValue> a, Func<Points, string, int, long> find)
    {
        var text = new Points(a[0].AsString);
        var at = a[2].AsInt;
        return at < 0 || at > text.Count ? CelValue.Fail($"index out of range: {at}") : CelValue.Of(find(text, a[1].AsString, (int)at));
    }

    private static CelValue Substring(Points text, long from, long to) =>
        from < 0 || from > text.Count ? CelValue.Fail($"index out of range: {from}")
        : to < 0 || to > text.Count ? CelValue.Fail($"index out of range: {to}")
        : from > to ? CelValue.Fail($"invalid substring range. start: {from}, end: {to}")
        : CelValue.Of(text.Slice((int)from, (int)to));

    private static string Ascii(string text, Func<char, char> change) => string.Create(text.Length, (text, change), static (span, from) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = from.change(from.text[i]);
        }
    });

    private static CelValue Replace(string text, string old, string by, long times)
    {
        if (times == 0)
        {
            return CelValue.Of(text);
        }

        var made = new StringBuilder();
        var at = 0;
        for (var done = 0L; times < 0 || done < times; done++)
        {
            // An empty text is found before each code point and at the end.
            var found = old.Length > 0 ? text.IndexOf(old, at, StringComparison.Ordinal) : done == 0 ? 0 : Next(text, at);
            if (found < 0)
            {
                break;
            }

            made.Append(text, at, found - at).Append(by);
            at = found + old.Length;
            if (made.Length > Longest)
            {
                return CelValue.Of(CelError.Budget);
            }
        }

        return CelValue.Of(made.Append(text, at, text.Length - at).ToString());
    }

    private static int Next(string text, int at) => at >= text.Length ? -1 : at + (char.IsSurrogatePair(text, at) ? 2 : 1);

    private static CelValue Split(string text, string by, long limit)
    {
        if (limit == 0)
        {
            return CelValue.Of(Array.Empty<CelValue>());
        }

        if (limit > 0 || by.Length > 0)
        {
            var count = limit is < 0 or > int.MaxValue ? int.MaxValue : (int)limit;
            return CelValue.Of(by.Length > 0
                ? [.. text.Split(by, count).Select(CelValue.Of)]
                : Letters(text, count));
        }

        return CelValue.Of(Letters(text, int.MaxValue));
    }

    private static List<CelValue> Letters(string text, int count)
    {
        List<CelValue> letters = [];
        var at = 0;
        while (at < text.Length)
        {
            var next = letters.Count == count - 1 ? text.Length : Next(text, at);
            letters.Add(CelValue.Of(text[at..next]));
            at = next;
        }

        return letters;
    }

    private static CelValue Join(CelList list, string by)
    {
        var made = new StringBuilder();
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i].Kind != CelKind.String)
            {
                return CelValue.Of(CelError.NoOverload);
            }

            made.Append(i == 0 ? "" : by).Append(list[i].AsString);
            if (made.Length > Longest)
            {
                return CelValue.Of(CelError.Budget);
            }
        }

        return CelValue.Of(made.ToString());
    }

    /// <summary>A string by code points; one without surrogates is its own index.</summary>
    private readonly struct Points
    {
        private readonly string text;
        private readonly int[]? starts;

        public Points(string text)
        {
            this.text = text;
            starts = null;
            Count = text.Length;
            if (text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') >= 0)
            {
                List<int> found = [];
                for (var at = 0; at >= 0 && at < text.Length; at = Next(text, at))
                {
                    found.Add(at);
                }

                Count = found.Count;
                found.Add(text.Length);
                starts = [.. found];
            }
        }

        public int Count { get; }

        public string Slice(int from, int to) => text[Start(from)..Start(to)];

        public long IndexOf(string part, int from) => Point(text.IndexOf(part, Start(from), StringComparison.Ordinal));

        public long LastIndexOf(string part, int from)
        {
            var last = from >= Count ? text.Length : Math.Min(text.Length, Start(from) + part.Length);
            return part.Length > last ? -1 : Point(part.Length == 0 ? last : text.LastIndexOf(part, last - 1, StringComparison.Ordinal));
        }

        private int Start(int point) => starts is null ? point : starts[point];

        private long Point(int start) => starts is null || start < 0 ? start : Array.BinarySearch(starts, start);
    }
}
