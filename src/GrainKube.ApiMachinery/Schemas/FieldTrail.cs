using System.Globalization;
using System.Text;

namespace GrainKube.ApiMachinery.Schemas;

/// <summary>Where a decoder is: the fields, list elements and map keys it went through. Text is made only when there is something to say.</summary>
internal struct FieldTrail()
{
    [ThreadStatic]
    private static Step[]? spare;

    private Step[] steps = Take();
    private int depth;

    /// <summary>The name of the innermost type with fields, without its package; null outside any.</summary>
    public string? Owner { get; private set; }

    /// <summary>Lets the next decoder on this thread have the memory.</summary>
    public readonly void Return() => spare = steps;

    public void EnterField(string name, string? ownerType)
    {
        Push(new Step(name, -1, IsField: true, Owner));
        Owner = ownerType;
    }

    public void EnterKey(string key) => Push(new Step(key, -1, IsField: false, Owner));

    public void EnterElement(int index) => Push(new Step(null, index, IsField: false, Owner));

    public void Leave() => Owner = steps[--depth].Owner;

    /// <summary>The path as type errors show it: fields only.</summary>
    public readonly string Fields()
    {
        var text = new StringBuilder();
        for (var i = 0; i < depth; i++)
        {
            if (steps[i].IsField)
            {
                text.Append(text.Length == 0 ? "" : ".").Append(steps[i].Name);
            }
        }

        return text.ToString();
    }

    /// <summary>The path of a member of the present place as strict errors show it: with keys and indexes.</summary>
    public readonly string Member(string name)
    {
        var text = new StringBuilder();
        for (var i = 0; i < depth; i++)
        {
            if (steps[i].Name is { } step)
            {
                text.Append(text.Length == 0 ? "" : ".").Append(step);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"[{steps[i].Index}]");
            }
        }

        return text.Append(text.Length == 0 ? "" : ".").Append(name).ToString();
    }

    private static Step[] Take()
    {
        var steps = spare ?? new Step[24];
        spare = null;
        return steps;
    }

    private void Push(Step step)
    {
        if (depth == steps.Length)
        {
            Array.Resize(ref steps, depth * 2);
        }

        steps[depth++] = step;
    }

    private readonly record struct Step(string? Name, int Index, bool IsField, string? Owner);
}
