using System.Collections.Concurrent;

namespace GrainKube.ApiServer.Authentication.OutsideReviews;

/// <summary>Remembers what a service outside answered, each answer for a time of its own.</summary>
internal sealed class AnswerCache<T>(TimeProvider time, int most = 8192)
{
    private readonly ConcurrentDictionary<string, (T Answer, DateTimeOffset Until)> answers = new(StringComparer.Ordinal);

    public bool TryGet(string question, out T answer)
    {
        var known = answers.TryGetValue(question, out var found) && time.GetUtcNow() < found.Until;
        answer = known ? found.Answer : default!;
        return known;
    }

    public void Put(string question, T answer, TimeSpan lifetime)
    {
        if (lifetime <= TimeSpan.Zero)
        {
            return;
        }

        if (answers.Count >= most)
        {
            answers.Clear();
        }

        answers[question] = (answer, time.GetUtcNow() + lifetime);
    }
}
