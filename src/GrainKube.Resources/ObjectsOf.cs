using System.Collections;
using System.Text.Json.Nodes;

namespace GrainKube.Resources;

/// <summary>The objects among the elements of a list. To walk through them makes nothing: defaults look into a dozen lists of every pod.</summary>
/// <param name="list">Null is empty.</param>
internal readonly struct ObjectsOf(JsonArray? list) : IEnumerable<JsonObject>
{
    public Enumerator GetEnumerator() => new(list);

    IEnumerator<JsonObject> IEnumerable<JsonObject>.GetEnumerator() => (list?.OfType<JsonObject>() ?? []).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<JsonObject>)this).GetEnumerator();

    internal struct Enumerator(JsonArray? list)
    {
        private int at;

        public JsonObject Current { get; private set; } = null!;

        public bool MoveNext()
        {
            while (at < list?.Count)
            {
                if (list[at++] is JsonObject item)
                {
                    Current = item;
                    return true;
                }
            }

            return false;
        }
    }
}
