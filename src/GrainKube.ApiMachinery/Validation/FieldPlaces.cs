using System.Globalization;
using System.Text;

namespace GrainKube.ApiMachinery.Validation;

/// <summary>The places of one object that its rules have stepped into, in a table, and the errors found there.</summary>
internal sealed class FieldPlaces
{
    /// <summary>The place of the object itself, which has no row.</summary>
    public const int Root = -1;

    /// <summary>In the place of an element's index: a field, an entry of a map.</summary>
    public const int Field = -1;
    public const int Key = -2;

    private const int MostKept = 1024;
    private Row[] rows = [];
    private int count;

    public List<FieldError> Errors { get; } = [];

    public int Add(int parent, string? name, int index)
    {
        if (count == rows.Length)
        {
            Array.Resize(ref rows, Math.Max(8, count * 2));
        }

        rows[count] = new Row(name, parent, index);
        return count++;
    }

    /// <summary>Takes over a place with all above it.</summary>
    public int CopyOf(FieldPlaces other, int place)
    {
        if (place == Root)
        {
            return Root;
        }

        var row = other.rows[place];
        return Add(CopyOf(other, row.Parent), row.Name, row.Index);
    }

    public string PathOf(int place)
    {
        var text = new StringBuilder();
        Append(text, place);
        return text.ToString();
    }

    public bool TryReuse()
    {
        if (Errors.Count > 0 || rows.Length > MostKept)
        {
            return false;
        }

        rows.AsSpan(0, count).Clear();
        count = 0;
        return true;
    }

    private void Append(StringBuilder text, int place)
    {
        if (place == Root)
        {
            return;
        }

        var (name, parent, index) = rows[place];
        Append(text, parent);
        switch (index)
        {
            case Field when name is { Length: 0 }:
                text.Append("[]"); // upstream's path of nothing in particular
                break;
            case Field:
                text.Append(text.Length > 0 ? "." : "").Append(name);
                break;
            case Key:
                text.Append('[').Append(name).Append(']');
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $"[{index}]");
                break;
        }
    }

    private readonly record struct Row(string? Name, int Parent, int Index);
}
