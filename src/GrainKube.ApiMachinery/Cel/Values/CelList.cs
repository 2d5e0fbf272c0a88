using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.Cel.Values;

/// <summary>A list whose elements are made when asked for.</summary>
public abstract class CelList
{
    public abstract int Count { get; }

    public abstract CelValue this[int index] { get; }

    /// <summary>Equality and <c>+</c> follow Kubernetes' list types: a set knows no order.</summary>
    internal virtual ListType ListType => ListType.Atomic;

    /// <summary>The fields that identify an element of a list of maps.</summary>
    internal virtual IReadOnlyList<string> MapKeys => [];
}

internal sealed class CelArray(IReadOnlyList<CelValue> values) : CelList
{
    public override int Count => values.Count;

    public override CelValue this[int index] => values[index];
}

/// <summary>A list in an object.</summary>
internal sealed class JsonList(JsonArray array, Schema? schema) : CelList
{
    public JsonArray Node => array;

    public override int Count => array.Count;

    public override CelValue this[int index] => CelJson.Read(array[index], schema?.Items);

    internal override ListType ListType => schema?.ListType ?? ListType.Atomic;

    internal override IReadOnlyList<string> MapKeys => schema?.ListMapKeys ?? [];
}
