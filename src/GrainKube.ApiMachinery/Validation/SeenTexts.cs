using System.Runtime.CompilerServices;

namespace GrainKube.ApiMachinery.Validation;

/// <summary>The texts that have come so far, to find what comes twice. A set is made only where they are many, which in most lists they are not. To be handed on by reference.</summary>
public struct SeenTexts
{
    private Few few;
    private int count;
    private HashSet<string>? all;

    /// <returns>False where the text has come before.</returns>
    public bool Add(string text)
    {
        if (all is not null)
        {
            return all.Add(text);
        }

        for (var i = 0; i < count; i++)
        {
            if (few[i] == text)
            {
                return false;
            }
        }

        if (count < Few.Size)
        {
            few[count++] = text;
        }
        else
        {
            all = new HashSet<string>([.. few, text], StringComparer.Ordinal);
        }

        return true;
    }

    [InlineArray(Size)]
    private struct Few
    {
        public const int Size = 4;
        private string first;
    }
}
