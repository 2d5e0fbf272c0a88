using System.Globalization;
using System.Text;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Reconciliation.Slices;

/// <summary>The key of a reconciler grain, and the rule that says which keys a slice owns.</summary>
/// <param name="Controller">Name of the controller.</param>
/// <param name="Index">From 0.</param>
internal readonly record struct SliceName(string Controller, int Index)
{
    public static SliceName Parse(string key)
    {
        var slash = key.LastIndexOf('/');
        return new SliceName(key[..slash], int.Parse(key.AsSpan(slash + 1), CultureInfo.InvariantCulture));
    }

    /// <summary>The same on every silo and in every run: FNV-1a over namespace and name.</summary>
    public static int IndexOf(ObjectKey key, int slices)
    {
        if (slices == 1)
        {
            return 0;
        }

        var hash = 2166136261u;
        foreach (var part in (ReadOnlySpan<string>)[key.Namespace, "/", key.Name])
        {
            foreach (var b in Encoding.UTF8.GetBytes(part))
            {
                hash = (hash ^ b) * 16777619;
            }
        }

        return (int)(hash % (uint)slices);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Controller}/{Index}");
}
