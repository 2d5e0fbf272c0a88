using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrainKube.ApiMachinery.Schemas;

/// <summary>
/// Reads JSON once and builds the tree that the schema allows: wrong types are reported, unknown fields dropped, scalars brought into their canonical form.
/// </summary>
/// <param name="utf8">The whole document.</param>
/// <param name="strict">Where unknown and duplicate fields go; null drops them in silence.</param>
/// <param name="typed">False for custom resources: their types are checked later, by validation; only their metadata has a type of its own.</param>
internal ref struct SchemaReader(ReadOnlySpan<byte> utf8, IList<string>? strict, bool typed)
{
    private const int MaximumStrictErrors = 100;
    private Utf8JsonReader reader = new(utf8, new JsonReaderOptions { MaxDepth = ObjectDecoder.MaximumDepth });
    private readonly OpenMembers members = OpenMembers.Take();
    private FieldTrail trail = new();
    private string? complaint;

    /// <exception cref="JsonException">No JSON.</exception>
    /// <exception cref="DecodeException">Does not fit the schema.</exception>
    public JsonNode? ReadRoot(Schema schema)
    {
        try
        {
            reader.Read();
            var root = Value(schema, null);
            if (reader.Read())
            {
                throw new JsonException();
            }

            return complaint is null ? root : throw new DecodeException(complaint);
        }
        finally
        {
            members.Return();
            trail.Return();
        }
    }

    private JsonNode? Value(Schema schema, JsonNode? before)
    {
        if (!typed)
        {
            return schema.GoType is null ? Untyped(schema) : TypedPart(schema);
        }

        return schema.Type switch
        {
            SchemaType.Object when schema.AdditionalProperties is { } values => Map(schema, values),
            SchemaType.Object when schema.PreserveUnknownFields && schema.Properties.Count == 0 => AnyObject(schema),
            SchemaType.Object => Struct(schema, before as JsonObject),
            SchemaType.Array => List(schema),
            SchemaType.Any => Any(),
            _ => Scalar(schema),
        };
    }

    private JsonNode? TypedPart(Schema schema)
    {
        typed = true;
        var value = reader.TokenType == JsonTokenType.Null ? new JsonObject() : Value(schema, null);
        typed = false;
        return value;
    }

    /// <summary>The tree of a custom resource: pruned where its schema says what there is, otherwise as it came.</summary>
    private JsonNode? Untyped(Schema schema) => (reader.TokenType, schema.Type) switch
    {
        (JsonTokenType.StartObject, SchemaType.Object) when schema.AdditionalProperties is { } values => Map(schema, values),
        (JsonTokenType.StartObject, SchemaType.Object) when schema.Properties.Count > 0 || !schema.PreserveUnknownFields => Struct(schema, null),
        (JsonTokenType.StartArray, SchemaType.Array) when schema.Items is not null => List(schema),
        _ => Any(),
    };

    private JsonNode? Struct(Schema schema, JsonObject? before)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return WrongType(schema);
        }

        var first = members.Begin();
        Dictionary<string, int>? index = null;
        if (before is not null)
        {
            // A field that comes twice is decoded twice into the same struct, so what the first one said stays.
            var known = before.ToArray();
            before.Clear();
            foreach (var (name, value) in known)
            {
                members.Add(name, value);
            }
        }

        var fields = schema.Fields;
        var owner = schema.GoStruct;
        HashSet<string>? unknown = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var entry = reader.ValueIsEscaped ? fields.Find(System.Text.Encoding.UTF8.GetBytes(JsonText.Read(ref reader))) : fields.Find(reader.ValueSpan);
            if (entry is null)
            {
                Unknown(schema, first, ref index, ref unknown);
                continue;
            }

            Field(first, ref index, entry, owner);
        }

        return members.End(first, schema.LaterMembers);
    }

    private void Field(int first, ref Dictionary<string, int>? index, FieldTable.Entry entry, string? owner)
    {
        reader.Read();
        var place = members.Find(first, entry.Name, ref index);
        var before = place < 0 ? null : members[place];
        if (before is not null)
        {
            Report("duplicate field", entry.Name);
        }

        if (reader.TokenType == JsonTokenType.Null && (typed || (!entry.Schema.Nullable && entry.Schema.Default is not null)))
        {
            return;
        }

        var zero = IsZero();
        trail.EnterField(entry.Name, owner);
        var value = Value(entry.Schema, before);
        trail.Leave();
        if (place >= 0)
        {
            members[place] = value;
        }
        else if (!IsLeftOut(value) && !(zero && typed && entry.Schema.LeftOutAtZero))
        {
            members.Add(entry.Name, value);
        }
    }

    /// <summary>Upstream's encoder omits empty lists and maps, so what a client sends and what it reads back agree only without them.</summary>
    private readonly bool IsLeftOut(JsonNode? value) => typed && value is null or JsonArray { Count: 0 };

    /// <summary>The value that comes is the one of which upstream's encoder cannot tell whether it was set.</summary>
    private readonly bool IsZero() => reader.TokenType switch
    {
        JsonTokenType.False => true,
        JsonTokenType.String => reader.ValueSpan.IsEmpty,
        JsonTokenType.Number => reader.ValueSpan is [(byte)'0'],
        _ => false,
    };

    private void Unknown(Schema schema, int first, ref Dictionary<string, int>? index, ref HashSet<string>? unknown)
    {
        var name = JsonText.Read(ref reader);
        reader.Read();

        // Who has no types reads everything first, and sees what comes twice even where it is unknown.
        if (!typed && strict is not null && !(unknown ??= new HashSet<string>(StringComparer.Ordinal)).Add(name))
        {
            Report("duplicate field", name);
        }

        if (schema.PreserveUnknownFields || (!typed && strict is not null))
        {
            trail.EnterKey(name);
            var value = Any();
            trail.Leave();
            if (schema.PreserveUnknownFields)
            {
                Set(first, ref index, name, value);
                return;
            }
        }
        else
        {
            reader.Skip();
        }

        Report("unknown field", name);
    }

    private JsonNode? Map(Schema schema, Schema values)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return WrongType(schema);
        }

        var first = members.Begin();
        Dictionary<string, int>? index = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.Read(ref reader);
            reader.Read();
            trail.EnterKey(name);
            var value = reader.TokenType switch
            {
                JsonTokenType.Null when typed => Zero(values),
                JsonTokenType.String when values is { Type: SchemaType.String, Format: null } => JsonValue.Create(JsonText.ReadUnshared(ref reader)), // may be a secret
                _ => Value(values, null),
            };
            trail.Leave();
            if (!Set(first, ref index, name, value))
            {
                Report("duplicate field", name);
            }
        }

        // A map without entries and one that is absent are the same upstream.
        return members.Begin() == first && typed ? null : members.End(first);
    }

    /// <returns>False where the member was there already.</returns>
    private readonly bool Set(int first, ref Dictionary<string, int>? index, string name, JsonNode? value)
    {
        if (members.Find(first, name, ref index) is >= 0 and var place)
        {
            members[place] = value;
            return false;
        }

        members.Add(name, value);
        return true;
    }

    private JsonNode? List(Schema schema)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return WrongType(schema);
        }

        var list = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            trail.EnterElement(list.Count);
            list.Add(reader.TokenType == JsonTokenType.Null && typed ? Zero(schema.Items!) : Value(schema.Items!, null));
            trail.Leave();
        }

        return list;
    }

    private JsonNode? AnyObject(Schema schema) => reader.TokenType == JsonTokenType.StartObject ? Any() : WrongType(schema);

    private JsonNode? Any()
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var first = members.Begin();
                Dictionary<string, int>? index = null;
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = JsonText.Read(ref reader);
                    reader.Read();
                    trail.EnterKey(name);
                    var value = Any();
                    trail.Leave();
                    if (!Set(first, ref index, name, value))
                    {
                        Report("duplicate field", name);
                    }
                }

                return members.End(first);
            case JsonTokenType.StartArray:
                var list = new JsonArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    trail.EnterElement(list.Count);
                    list.Add(Any());
                    trail.Leave();
                }

                return list;
            default:
                return ScalarReader.Plain(ref reader);
        }
    }

    private JsonNode? Scalar(Schema schema) =>
        ScalarReader.TryRead(ref reader, schema, out var value) ? value : WrongType(schema);

    private static JsonNode? Zero(Schema schema) => schema.Type switch
    {
        SchemaType.String when schema.Format == "quantity" => JsonValue.Create("0"),
        SchemaType.String => JsonValue.Create(""),
        SchemaType.Integer or SchemaType.Number or SchemaType.IntOrString => JsonNumber.Of(0),
        SchemaType.Boolean => JsonValue.Create(false),
        SchemaType.Object => new JsonObject(),
        SchemaType.Array => new JsonArray(),
        _ => null,
    };

    /// <summary>Remembers the first complaint and goes on, as upstream does, because a worse error may follow.</summary>
    private JsonNode? WrongType(Schema schema)
    {
        var what = reader.TokenType switch
        {
            JsonTokenType.StartObject => "object",
            JsonTokenType.StartArray => "array",
            JsonTokenType.String => "string",
            JsonTokenType.True or JsonTokenType.False => "bool",
            _ when schema.Type == SchemaType.Integer => "number " + System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
            _ => "number",
        };
        var where = trail.Fields();
        complaint ??= where.Length == 0
            ? $"json: cannot unmarshal {what} into Go value of type {schema.GoTypeName}"
            : $"json: cannot unmarshal {what} into Go struct field {trail.Owner}.{where} of type {schema.GoTypeName}";
        reader.Skip();
        return null;
    }

    private readonly void Report(string what, string name)
    {
        if (strict is not null && strict.Count < MaximumStrictErrors)
        {
            var text = $"{what} \"{trail.Member(name)}\"";
            if (!strict.Contains(text))
            {
                strict.Add(text);
            }
        }
    }
}
