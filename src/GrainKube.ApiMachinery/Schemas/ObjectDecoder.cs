using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
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
            throw ApiException.BadRequest(
                $"the object provided is unrecognized (must be of type {target.Kind}): couldn't get version/kind; json parse error: {wrong.Message} ({BodySummary.Of(utf8)})");
        }
        catch (DecodeException wrong)
        {
            throw CannotHandle(target, wrong.Message);
        }

        CheckKind(item, target);
        return item;
    }

    /// <summary>Decodes without a word about kinds.</summary>
    /// <exception cref="DecodeException">No JSON object, or one that does not fit.</exception>
    public static JsonObject Decode(ReadOnlySpan<byte> utf8, Schema schema, IList<string>? strict = null)
    {
        try
        {
            var start = utf8.IndexOfAnyExcept(" \t\r\n"u8);
            if (start >= 0 && utf8[start] != '{')
            {
                throw NotAnObject(utf8);
            }

            return (JsonObject)new SchemaReader(utf8, strict, schema.GoType is not null).ReadRoot(schema)!;
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

    /// <summary>Checks and normalises what a patch made of an object.</summary>
    /// <exception cref="ApiException">422, field <c>patch</c>: the result does not fit the schema.</exception>
    public static JsonObject DecodePatched(JsonNode patched, Schema schema, DecodeTarget target, IList<string>? strict = null)
    {
        var utf8 = JsonSerializer.SerializeToUtf8Bytes(patched, Relaxed);
        try
        {
            var item = Decode(utf8, schema, strict);
            if (Text(item, "kind") != target.Kind || Text(item, "apiVersion") != target.ApiVersion)
            {
                throw new DecodeException(NotRegistered(Text(item, "kind"), Text(item, "apiVersion")));
            }

            return item;
        }
        catch (DecodeException wrong)
        {
            throw InvalidPatch(System.Text.Encoding.UTF8.GetString(utf8), wrong.Unrecognized ? "couldn't get version/kind; json parse error: " + wrong.Message : wrong.Message);
        }
    }

    /// <summary>The refusal of <c>fieldValidation=Strict</c> on create and update.</summary>
    public static ApiException StrictError(DecodeTarget target, IReadOnlyList<string> strict) =>
        CannotHandle(target, "strict decoding error: " + string.Join(", ", strict));

    /// <summary>The refusal of <c>fieldValidation=Strict</c> on patch.</summary>
    public static ApiException StrictPatchError(JsonNode patched, IReadOnlyList<string> strict) =>
        InvalidPatch(patched.ToJsonString(Relaxed), "strict decoding error: " + string.Join(", ", strict));

    private static readonly Schema AnySchema = new() { Type = SchemaType.Any };

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

    private static DecodeException NotAnObject(ReadOnlySpan<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8.ToArray());
        var what = document.RootElement.ValueKind switch
        {
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            JsonValueKind.True or JsonValueKind.False => "bool",
            _ => "null",
        };
        return new DecodeException(
            $"json: cannot unmarshal {what} into Go value of type struct {{ APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }}",
            unrecognized: true);
    }
}
