using System.Text.Json.Nodes;

namespace GrainKube.ApiMachinery.ManagedFields;

/// <summary>What one manager owns, and since when. A write changes hardly any entry of a list: the others are read only as far as it takes to see that, and are written as they were.</summary>
internal sealed class OwnedFields
{
    private readonly byte[] utf8 = [];
    private FieldSet? set;

    public OwnedFields(FieldSet set, string time) => (this.set, Time) = (set, time);

    /// <param name="fields">The <c>fieldsV1</c>; null where there is none.</param>
    /// <param name="time">As it is written.</param>
    /// <param name="entry">The whole entry, where it is to be written as it is.</param>
    /// <exception cref="FormatException">They are no fields.</exception>
    public OwnedFields(JsonNode? fields, string time, JsonObject? entry)
    {
        (Time, Entry) = (time, entry);
        if (fields is not null)
        {
            utf8 = FieldSetJson.Bytes(fields).ToArray();
            FieldSetJson.Check(utf8);
        }
        else
        {
            set = new FieldSet();
        }
    }

    public string Time { get; }

    /// <summary>How it lies in the list; null where that is to be written anew.</summary>
    public JsonObject? Entry { get; }

    public FieldSet Set => set ??= FieldSetJson.Decode(utf8);

    public bool IsEmpty => set?.IsEmpty ?? utf8.Length <= "{}".Length;

    /// <summary>True where one of the fields is among them.</summary>
    public bool Touches(FieldSet fields) => set is null ? FieldSetJson.Touches(utf8, fields) : !set.Intersection(fields).IsEmpty;
}
