using System.Text.Json;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiServer.Requests;

/// <summary>The few members of a posted object that decide where it goes; read in one pass that also proves the body to be well-formed JSON.</summary>
internal readonly record struct BodyHeader(string ApiVersion, string Kind, string Name, string GenerateName, string Namespace, string Uid)
{
    /// <exception cref="ApiException">400 where the body is no JSON object; types inside are the write pipeline's to judge.</exception>
    public static BodyHeader Read(ReadOnlySpan<byte> body, string expectedKind)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            return Read(ref reader);
        }
        catch (JsonException)
        {
            return ObjectDecoder.IsNull(body) ? new BodyHeader("", "", "", "", "", "") : throw ObjectDecoder.Unrecognized(body, expectedKind);
        }
    }

    private static BodyHeader Read(ref Utf8JsonReader reader)
    {
        var found = new BodyHeader("", "", "", "", "", "");
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("no object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("apiVersion"u8))
            {
                found = found with { ApiVersion = Text(ref reader) };
            }
            else if (reader.ValueTextEquals("kind"u8))
            {
                found = found with { Kind = Text(ref reader) };
            }
            else if (reader.ValueTextEquals("metadata"u8) && reader.Read())
            {
                found = reader.TokenType == JsonTokenType.StartObject ? Metadata(ref reader, found) : Skipped(ref reader, found);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        // Whatever follows the object is an error that only reading on will show.
        while (reader.Read())
        {
        }

        return found;
    }

    private static BodyHeader Metadata(ref Utf8JsonReader reader, BodyHeader found)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("name"u8))
            {
                found = found with { Name = Text(ref reader) };
            }
            else if (reader.ValueTextEquals("generateName"u8))
            {
                found = found with { GenerateName = Text(ref reader) };
            }
            else if (reader.ValueTextEquals("namespace"u8))
            {
                found = found with { Namespace = Text(ref reader) };
            }
            else if (reader.ValueTextEquals("uid"u8))
            {
                found = found with { Uid = Text(ref reader) };
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return found;
    }

    private static BodyHeader Skipped(ref Utf8JsonReader reader, BodyHeader found)
    {
        reader.Skip();
        return found;
    }

    // A lone surrogate or broken UTF-8 makes GetString throw InvalidOperationException: to the client it is broken JSON all the same.
    private static string Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return "";
        }

        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw new JsonException(error.Message);
        }
    }
}
