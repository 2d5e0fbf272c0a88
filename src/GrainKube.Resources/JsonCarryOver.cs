using System.Text.Json.Nodes;

namespace GrainKube.Resources;

/// <summary>Moves single members from one object to another, which is what most subresources do.</summary>
internal static class JsonCarryOver
{
    /// <summary>Makes a member equal to that of <paramref name="from"/>, absence included.</summary>
    public static void CarryOver(this JsonObject into, string name, JsonObject? from) => into.CarryOver(name, from, name);

    /// <summary>Makes a member equal to a member of <paramref name="from"/> that has another name there.</summary>
    public static void CarryOver(this JsonObject into, string name, JsonObject? from, string nameThere)
    {
        if (from?[nameThere] is { } value)
        {
            into[name] = value.DeepClone();
        }
        else
        {
            into.Remove(name);
        }
    }

    /// <summary>Gives a member another name, keeping its value; nothing happens where it is absent.</summary>
    public static void Rename(this JsonObject item, string from, string to)
    {
        if (item.Remove(from, out var value))
        {
            item[to] = value;
        }
    }
}
