using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Library;

/// <summary>Upstream's prices: reading a string costs a tenth of its length, a regular expression that times a quarter of its own.</summary>
internal static class Costs
{
    public static long Size(CelValue value) => value.Kind switch
    {
        CelKind.String => value.AsString.Length,
        CelKind.Bytes => value.AsBytes.Length,
        CelKind.List => value.AsList.Count,
        CelKind.Map => value.AsMap.Count,
        CelKind.Opaque => value.AsOpaque is NetAddress address ? address.Size : 1,
        _ => 1,
    };

    /// <summary>Rounded up, at least one.</summary>
    public static long Scan(long size) => Math.Max(1, (size + 9) / 10);

    public static long Regex(CelValue text, CelValue pattern) => Scan(Size(text) + 1) * Math.Max(1, (Size(pattern) + 3) / 4);

    /// <summary>Elements, with what is in them where those are strings.</summary>
    public static long Traverse(CelValue value)
    {
        if (value.Kind != CelKind.List)
        {
            return Scan(Size(value));
        }

        var list = value.AsList;
        long cost = 0;
        for (var i = 0; i < list.Count; i++)
        {
            cost += list[i].Kind is CelKind.String or CelKind.Bytes ? Scan(Size(list[i])) : 1;
        }

        return Math.Max(1, cost);
    }
}
