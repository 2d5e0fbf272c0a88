using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Patches;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.ApiMachinery.Schemas;

/// <summary>Turns bytes from a client into the tree that a schema allows, with upstream's complaints about what does not fit.</summary>
public static class ObjectDecoder
{
    /// <summary>Deeper nesting is refused.</summary>
    internal const int MaximumDepth = 256;

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaximumDepth };

    /// <summary>Decodes a body of create or update. Absent <c>apiVersion</c> and <c>kind</c> are filled in.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <param name="schema">The root schema of <paramref name="target"/>.</param>
    /// <param name="target">What the path of the request expects.</param>
    /// <param name="strict">Collects upstream's strict errors (<c>unknown field "spec.foo"</c>, <c>duplicate field "spec.x"</c>); null drops such fields in silence.</param>
    /// <exception cref="ApiException">400 in upstream's words.</exception>
    public static JsonObject Decode(ReadOnlySpan<byte> utf8, Schema schema, DecodeTarget target, IList<string>? strict = null)
    {
        JsonObject item;
        try
        {
            item = Decode(utf8, schema, strict);
        }
        catch (DecodeException wrong) when (wrong.Unrecognized)
        {
            throw Unrecognized(utf8, target.Kind, wrong.Message);
        }
        catch (DecodeException wrong)
        {
            throw CannotHandle(target, wrong.Message);
        }

        CheckKind(item, target);
        return item;
    }

    /// <summary>Refuses a body in which not even a kind can be read: it is no JSON, or no object.</summary>
    /// <param name="utf8">The body.</param>
    /// <param name="kind">What the path of the request expects.</param>
    public static ApiException Unrecognized(ReadOnlySpan<byte> utf8, string kind)
    {
        string why;
        try
        {
            why = NotAnObject(utf8);
        }
        catch (JsonException)
        {
            why = JsonSyntax.Complaint(utf8);
        }

        return Unrecognized(utf8, kind, why);
    }

    /// <summary>A body of <c>null</c> is an object of which nothing is said.</summary>
    public static bool IsNull(ReadOnlySpan<byte> utf8) => utf8.Trim(" \t\r\n"u8).SequenceEqual("null"u8);

    /// <summary>Decodes without a word about kinds.</summary>
    /// <exception cref="DecodeException">No JSON object, or one that does not fit.</exception>
    public static JsonObject Decode(ReadOnlySpan<byte> utf8, Schema schema, IList<string>? strict = null)
    {
        try
        {
            var start = utf8.IndexOfAnyExcept(" \t\r\n"u8);
            if (start >= 0 && utf8[start] != '{')
            {
                return IsNull(utf8) ? [] : throw new DecodeException(NotAnObject(utf8), unrecognized: true);
            }

            var typed = schema.GoType is not null;
            var before = strict?.Count ?? 0;
            var item = (JsonObject)new SchemaReader(utf8, strict, typed).ReadRoot(schema)!;
            if (!typed && strict?.Count > before)
            {
                SortUntyped(strict, before);
            }

            return item;
        }
        catch (JsonException)
        {
            throw new DecodeException(JsonSyntax.Complaint(utf8), unrecognized: true);
        }
    }

    /// <summary>Parses any JSON: a patch, an option. Of fields that come twice the last counts.</summary>
    /// <exception cref="DecodeException">No JSON.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> utf8, IList<string>? strict = null)
    {
        try
        {
            return new SchemaReader(utf8, strict, typed: true).ReadRoot(AnySchema);
        }
        catch (JsonException)
        {
            throw new DecodeException(JsonSyntax.Complaint(utf8), unrecognized: true);
        }
    }

    /// <summary>Parses a JSON patch; what its operations say twice, or say that is unknown, is reported as theirs.</summary>
    /// <exception cref="DecodeException">No JSON.</exception>
    public static JsonNode? ParseJsonPatch(ReadOnlySpan<byte> utf8, IList<string>? strict = null)
    {
        try
        {
            var before = strict?.Count ?? 0;
            var patch = new SchemaReader(utf8, strict, typed: false).ReadRoot(JsonPatchSchema);
            for (var i = before; i < strict?.Count; i++)
            {
                strict[i] = "json patch " + strict[i];
            }

            return patch;
        }
        catch (JsonException)
        {
            throw new DecodeException(JsonSyntax.Complaint(utf8), unrecognized: true);
        }
    }

    /// <summary>Checks and normalises what a patch made of an object.</summary>
    /// <param name="patched">The result of the patch.</param>
    /// <param name="schema">The root schema of <paramref name="target"/>.</param>
    /// <param name="target">What the path of the request expects.</param>
    /// <param name="strict">As for <see cref="Decode(ReadOnlySpan{byte}, Schema, DecodeTarget, IList{string})"/>.</param>
    /// <param name="strategic">The patch, where it was a strategic merge: of those upstream shows the patch and not the result, and minds no kind.</param>
    /// <exception cref="ApiException">422, field <c>patch</c>: the result does not fit the schema.</exception>
    public static JsonObject DecodePatched(JsonNode patched, Schema schema, DecodeTarget target, IList<string>? strict = null, JsonNode? strategic = null)
    {
        var utf8 = JsonSerializer.SerializeToUtf8Bytes(patched, Relaxed);
        try
        {
            var item = Decode(utf8, schema, strict);
            if (strategic is not null)
            {
                (item["apiVersion"], item["kind"]) = (target.ApiVersion, target.Kind);
            }
            else if (Text(item, "kind") != target.Kind || Text(item, "apiVersion") != target.ApiVersion)
            {
                throw new DecodeException(NotRegistered(Text(item, "kind"), Text(item, "apiVersion")));
            }

            return item;
        }
        catch (DecodeException wrong) when (strategic is not null)
        {
            throw InvalidPatch(GoText.Of(strategic), MapConversion.Complaint(patched, schema) ?? wrong.Message);
        }
        catch (DecodeException wrong)
        {
            throw InvalidPatch(System.Text.Encoding.UTF8.GetString(utf8), wrong.Unrecognized ? "couldn't get version/kind; json parse error: " + wrong.Message : wrong.Message);
        }
    }

    /// <summary>
    /// Checks, normalises and defaults no more of a built-in kind's object than the fields that a merge patch names: all others are as they were decoded once, before they were stored.
    /// </summary>
    /// <param name="patched">The result of the patch; its changed fields are exchanged.</param>
    /// <param name="patch">The patch; its names suffice.</param>
    /// <param name="schema">The root schema of <paramref name="patched"/>.</param>
    /// <returns>False where there is something to complain of, or the patch changes more than fields of the kind: <see cref="DecodePatched"/> then has the words. Nothing was changed.</returns>
    public static bool TryDecodeChanged(JsonNode patched, JsonObject patch, Schema schema)
    {
        if (patched is not JsonObject item || schema.GoType is null || patch.ContainsKey("apiVersion") || patch.ContainsKey("kind"))
        {
            return false;
        }

        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Relaxed.Encoder, MaxDepth = MaximumDepth, SkipValidation = true }))
        {
            writer.WriteStartObject();
            foreach (var (name, _) in patch)
            {
                if (!schema.Properties.ContainsKey(name))
                {
                    return false;
                }

                if (item.TryGetPropertyValue(name, out var value))
                {
                    writer.WritePropertyName(name);
                    if (value is null)
                    {
                        writer.WriteNullValue();
                    }
                    else
                    {
                        value.WriteTo(writer);
                    }
                }
            }

            writer.WriteEndObject();
        }

        var strict = new List<string>();
        JsonObject decoded;
        try
        {
            decoded = Decode(buffer.WrittenSpan, schema, strict);
        }
        catch (DecodeException)
        {
            return false;
        }

        if (strict.Count > 0)
        {
            return false;
        }

        SchemaDefaults.Apply(decoded, schema);
        foreach (var (name, _) in patch)
        {
            if (decoded.TryGetPropertyValue(name, out var value))
            {
                decoded.Remove(name);
                item[name] = value;
            }
            else
            {
                item.Remove(name);
            }
        }

        return true;
    }

    /// <summary>The refusal of <c>fieldValidation=Strict</c> on create and update.</summary>
    public static ApiException StrictError(DecodeTarget target, IReadOnlyList<string> strict) =>
        CannotHandle(target, "strict decoding error: " + string.Join(", ", strict));

    /// <summary>The refusal of <c>fieldValidation=Strict</c> on patch.</summary>
    public static ApiException StrictPatchError(JsonNode patched, JsonNode? strategic, IReadOnlyList<string> strict) =>
        InvalidPatch(strategic is not null ? GoText.Of(strategic) : patched.ToJsonString(Relaxed), "strict decoding error: " + string.Join(", ", strict));

    private static readonly Schema AnySchema = new() { Type = SchemaType.Any };

    private static readonly Schema JsonPatchSchema = new()
    {
        Type = SchemaType.Array,
        Items = new Schema
        {
            Type = SchemaType.Object,
            Properties = new Dictionary<string, Schema> { ["op"] = AnySchema, ["path"] = AnySchema, ["from"] = AnySchema, ["value"] = AnySchema },
        },
    };

    /// <summary>Of custom resources upstream first tells what came twice, as it reads, and then, as it prunes, what is unknown, sorted.</summary>
    private static void SortUntyped(IList<string> strict, int from)
    {
        var (found, unknown) = (strict.Skip(from).ToList(), (Func<string, bool>)(text => text.StartsWith("unknown", StringComparison.Ordinal)));
        var sorted = found.Where(t => !unknown(t)).Concat(found.Where(unknown).Order(StringComparer.Ordinal)).ToList();
        for (var i = 0; i < sorted.Count; i++)
        {
            strict[from + i] = sorted[i];
        }
    }

    private static void CheckKind(JsonObject item, DecodeTarget target)
    {
        var kind = Text(item, "kind");
        var apiVersion = Text(item, "apiVersion");
        if (kind.Length == 0 || apiVersion.Length == 0)
        {
            if (apiVersion.Length == 0)
            {
                item.Remove("apiVersion");
                item.Insert(0, "apiVersion", target.ApiVersion);
                apiVersion = target.ApiVersion;
            }

            if (kind.Length == 0)
            {
                item.Remove("kind");
                item.Insert(0, "kind", target.Kind);
                kind = target.Kind;
            }
        }

        if (kind != target.Kind)
        {
            throw ApiException.BadRequest($"{kind} in version \"{VersionOf(apiVersion)}\" cannot be handled as a {target.Kind}: {NotRegistered(kind, apiVersion)}");
        }

        if (apiVersion != target.ApiVersion)
        {
            throw ApiException.BadRequest($"the API version in the data ({apiVersion}) does not match the expected API version ({target.ApiVersion})");
        }
    }

    private static string NotRegistered(string kind, string apiVersion) =>
        $"no kind \"{kind}\" is registered for version \"{apiVersion}\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"";

    private static string VersionOf(string apiVersion) => apiVersion[(apiVersion.IndexOf('/') + 1)..];

    private static string Text(JsonObject item, string field) =>
        item[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private static ApiException CannotHandle(DecodeTarget target, string why) =>
        ApiException.BadRequest($"{target.Kind} in version \"{target.Version}\" cannot be handled as a {target.Kind}: {why}");

    private static ApiException InvalidPatch(string patched, string why)
    {
        var errors = new FieldErrors();
        errors.At("patch").Invalid(patched, why);
        return ApiException.Invalid("", "", "", errors);
    }

    private static ApiException Unrecognized(ReadOnlySpan<byte> utf8, string kind, string why) => ApiException.BadRequest(
        $"the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; json parse error: {why} ({BodySummary.Of(utf8)})");

    private static string NotAnObject(ReadOnlySpan<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8.ToArray(), new JsonDocumentOptions { MaxDepth = MaximumDepth });
        var what = document.RootElement.ValueKind switch
        {
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            JsonValueKind.True or JsonValueKind.False => "bool",
            _ => "object",
        };
        return $"json: cannot unmarshal {what} into Go value of type struct {{ APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }}";
    }
}
