using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.Cel.Values;

/// <summary>A map or an object; values are made when asked for.</summary>
public abstract class CelMap
{
    public abstract int Count { get; }

    public abstract IEnumerable<CelValue> Keys { get; }

    public abstract bool TryGet(CelValue key, out CelValue value);

    /// <summary>The same for a field's name, without making a key.</summary>
    public virtual bool TryField(string name, out CelValue value) => TryGet(CelValue.Of(name), out value);

    /// <summary>The name of the object's type where it has one (<c>Object.spec</c>), else null.</summary>
    public virtual string? ObjectTypeName => null;
}

/// <summary>A map that an expression made.</summary>
internal sealed class CelDictionary : CelMap
{
    private readonly Dictionary<object, (CelValue Key, CelValue Value)> entries;

    public CelDictionary(int capacity, string? typeName = null) => (entries, ObjectTypeName) = (new(capacity), typeName);

    public override int Count => entries.Count;

    public override IEnumerable<CelValue> Keys => entries.Values.Select(e => e.Key);

    public override string? ObjectTypeName { get; }

    /// <summary>False where the key is there already.</summary>
    public bool Add(CelValue key, CelValue value) => entries.TryAdd(Identity(key) ?? throw new ArgumentException("not a key", nameof(key)), (key, value));

    public override bool TryGet(CelValue key, out CelValue value)
    {
        if (Identity(key) is { } identity && entries.TryGetValue(identity, out var found))
        {
            value = found.Value;
            return true;
        }

        value = default;
        return false;
    }

    public static bool IsKey(CelValue key) => key.Kind is CelKind.String or CelKind.Bool or CelKind.Int or CelKind.Uint;

    [SuppressMessage("Performance", "CA1859", Justification = "A key is one of several types")]
    private static object? Identity(CelValue key) => key.Kind switch
    {
        CelKind.String => key.AsString,
        CelKind.Bool => key.AsBool,
        _ => key.TryInteger(out var number) ? number : null,
    };
}

/// <summary>An object or map in an object. With a schema, fields have its types, and what it does not know is not there.</summary>
internal sealed class JsonMap(JsonObject node, Schema? schema) : CelMap
{
    public JsonObject Node => node;

    public override int Count => node.Count;

    public override IEnumerable<CelValue> Keys => node.Select(p => CelValue.Of(p.Key));

    public override bool TryGet(CelValue key, out CelValue value)
    {
        value = default;
        return key.Kind == CelKind.String && TryField(key.AsString, out value);
    }

    public override bool TryField(string name, out CelValue value)
    {
        if (!node.TryGetPropertyValue(name, out var found))
        {
            // Only objects with declared fields have names that expressions cannot spell.
            var plain = schema is { Properties.Count: > 0 } ? Rules.FieldNames.Unescape(name) : name;
            if (plain == name || !node.TryGetPropertyValue(plain, out found))
            {
                value = default;
                return false;
            }

            name = plain;
        }

        var inner = schema is null ? null : schema.Properties.TryGetValue(name, out var field) ? field : schema.AdditionalProperties;
        if (found is null && inner is { Nullable: false })
        {
            value = default;
            return false;
        }

        value = CelJson.Read(found, inner);
        return true;
    }
}
