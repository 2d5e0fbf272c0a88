using System.Globalization;
using System.Text.Json;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Objects.Cache;

/// <summary>Reads an object's header in one pass that ends as soon as <c>metadata</c>, <c>apiVersion</c> and <c>kind</c> were seen.</summary>
internal ref struct HeaderReader
{
    private Utf8JsonReader json;
    private string apiVersion = "", kind = "", name = "", ns = "", uid = "";
    private long generation, revision;
    private long? grace;
    private DateTimeOffset? created, deleted;
    private IReadOnlyDictionary<string, string>? labels;
    private List<OwnerReference>? owners;
    private List<string>? finalizers;

    private HeaderReader(ReadOnlySpan<byte> utf8) => json = new Utf8JsonReader(utf8);

    /// <summary>Where <c>,"resourceVersion":"…"</c> belongs: after the uid's value; 0 where there is no uid.</summary>
    public int AfterUid { get; private set; }

    /// <summary>Just behind the opening brace of <c>metadata</c>; 0 where there is none.</summary>
    public int InMetadata { get; private set; }

    /// <summary>True where <c>metadata</c> has at least one member.</summary>
    public bool HasMembers { get; private set; }

    /// <summary>Parses the header.</summary>
    /// <exception cref="JsonException">The bytes are no JSON object or metadata has members of a wrong type.</exception>
    public static HeaderReader Read(ReadOnlySpan<byte> utf8)
    {
        var reader = new HeaderReader(utf8);
        try
        {
            reader.ReadObject();
        }
        catch (InvalidOperationException wrongType)
        {
            throw new JsonException("metadata has a member of a wrong type", wrongType);
        }
        catch (FormatException wrongForm)
        {
            throw new JsonException("metadata has a malformed member", wrongForm);
        }

        return reader;
    }

    /// <param name="knownRevision">The store's revision; 0 takes what the object's <c>resourceVersion</c> says.</param>
    /// <param name="traceParent">Goes into the header as it is.</param>
    public readonly ObjectHeader ToHeader(long knownRevision, string? traceParent, DateTimeOffset? tracedAt)
    {
        return new ObjectHeader
        {
            ApiVersion = apiVersion,
            Kind = kind,
            Name = name,
            Namespace = ns,
            Uid = uid,
            Revision = knownRevision == 0 ? revision : knownRevision,
            Generation = generation,
            Owners = owners is null ? [] : owners.ToArray(),
            Finalizers = finalizers is null ? [] : finalizers.ToArray(),
            CreationTimestamp = created,
            DeletionTimestamp = deleted,
            DeletionGracePeriodSeconds = grace,
            TraceParent = traceParent,
            TracedAt = tracedAt,
            Labels = labels ?? ObjectHeader.NoLabels,
        };
    }

    private void ReadObject()
    {
        json.Read();
        Expect(JsonTokenType.StartObject);
        var missing = 3;
        while (missing > 0 && json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("apiVersion"u8))
            {
                json.Read();
                apiVersion = Utf8Interner.Get(ref json);
                missing--;
            }
            else if (json.ValueTextEquals("kind"u8))
            {
                json.Read();
                kind = Utf8Interner.Get(ref json);
                missing--;
            }
            else if (json.ValueTextEquals("metadata"u8))
            {
                json.Read();
                Expect(JsonTokenType.StartObject);
                InMetadata = (int)json.BytesConsumed;
                ReadMetadata();
                missing--;
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    private void ReadMetadata()
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            HasMembers = true;
            if (json.ValueTextEquals("name"u8))
            {
                name = NextString();
            }
            else if (json.ValueTextEquals("namespace"u8))
            {
                json.Read();
                ns = string.Intern(Utf8Interner.Get(ref json));
            }
            else if (json.ValueTextEquals("uid"u8))
            {
                uid = NextString();
                AfterUid = (int)json.BytesConsumed;
            }
            else if (json.ValueTextEquals("resourceVersion"u8))
            {
                long.TryParse(NextString(), NumberStyles.None, CultureInfo.InvariantCulture, out revision);
            }
            else if (json.ValueTextEquals("generation"u8))
            {
                json.Read();
                generation = json.GetInt64();
            }
            else if (json.ValueTextEquals("creationTimestamp"u8))
            {
                created = NextTime();
            }
            else if (json.ValueTextEquals("deletionTimestamp"u8))
            {
                deleted = NextTime();
            }
            else if (json.ValueTextEquals("deletionGracePeriodSeconds"u8))
            {
                json.Read();
                grace = json.TokenType == JsonTokenType.Null ? null : json.GetInt64();
            }
            else if (json.ValueTextEquals("labels"u8))
            {
                ReadLabels();
            }
            else if (json.ValueTextEquals("finalizers"u8))
            {
                ReadFinalizers();
            }
            else if (json.ValueTextEquals("ownerReferences"u8))
            {
                ReadOwners();
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    private void ReadLabels()
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
        {
            return;
        }

        Expect(JsonTokenType.StartObject);
        var entries = new List<KeyValuePair<string, string>>(4);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = Utf8Interner.Get(ref json);
            json.Read();
            entries.Add(new(key, json.TokenType == JsonTokenType.Null ? "" : Utf8Interner.Get(ref json)));
        }

        labels = entries.Count == 0 ? null : new LabelMap([.. entries]);
    }

    private void ReadFinalizers()
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
        {
            return;
        }

        Expect(JsonTokenType.StartArray);
        finalizers = [];
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            finalizers.Add(Utf8Interner.Get(ref json));
        }
    }

    private void ReadOwners()
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
        {
            return;
        }

        Expect(JsonTokenType.StartArray);
        owners = [];
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            owners.Add(ReadOwner());
        }
    }

    private OwnerReference ReadOwner()
    {
        string version = "", itsKind = "", itsName = "", itsUid = "";
        bool controller = false, block = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("apiVersion"u8))
            {
                json.Read();
                version = Utf8Interner.Get(ref json);
            }
            else if (json.ValueTextEquals("kind"u8))
            {
                json.Read();
                itsKind = Utf8Interner.Get(ref json);
            }
            else if (json.ValueTextEquals("name"u8))
            {
                json.Read();
                itsName = Utf8Interner.Get(ref json);
            }
            else if (json.ValueTextEquals("uid"u8))
            {
                json.Read();
                itsUid = Utf8Interner.Get(ref json);
            }
            else if (json.ValueTextEquals("controller"u8))
            {
                controller = json.Read() && json.TokenType == JsonTokenType.True;
            }
            else if (json.ValueTextEquals("blockOwnerDeletion"u8))
            {
                block = json.Read() && json.TokenType == JsonTokenType.True;
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return new OwnerReference(version, itsKind, itsName, itsUid, controller, block);
    }

    private string NextString()
    {
        json.Read();
        return json.TokenType == JsonTokenType.Null ? "" : json.GetString()!;
    }

    private DateTimeOffset? NextTime()
    {
        json.Read();
        return json.TokenType == JsonTokenType.Null ? null : json.GetDateTimeOffset();
    }

    private readonly void Expect(JsonTokenType type)
    {
        if (json.TokenType != type)
        {
            throw new JsonException($"expected {type} but found {json.TokenType}");
        }
    }
}
