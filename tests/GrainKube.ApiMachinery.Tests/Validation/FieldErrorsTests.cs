using GrainKube.ApiMachinery.Validation;

namespace GrainKube.ApiMachinery.Tests.Validation;

public sealed class FieldErrorsTests
{
    [Fact]
    public void Places_are_written_as_upstream_writes_them()
    {
        var errors = new FieldErrors();
        var container = errors.At("spec").At("containers").At(12);
        container.At("resources").At("limits").Key("cpu").Required();
        container.At("name").Required("say one");
        errors.Forbidden("whole");

        Assert.Equal(
            ["spec.containers[12].resources.limits[cpu]: Required value", "spec.containers[12].name: Required value: say one", "Forbidden: whole"],
            errors.All.Select(e => e.ToString()));
        Assert.False(container.IsEmpty);
    }

    [Fact]
    public void Several_places_can_be_held_at_once()
    {
        var errors = new FieldErrors();
        var places = Enumerable.Range(0, 40).Select(i => errors.At("a").At(i).At("b")).ToList();
        places[39].Required();
        places[0].Required();

        Assert.Equal(["a[39].b", "a[0].b"], errors.All.Select(e => e.Field));
    }

    [Fact]
    public void Errors_of_an_attempt_do_not_count_and_know_their_place()
    {
        var errors = new FieldErrors();
        errors.At("other");
        var attempt = errors.At("spec").Key("x").Apart();
        attempt.At("y").Required();

        Assert.True(errors.IsEmpty);
        Assert.Equal("spec[x].y", Assert.Single(attempt.All).Field);
    }

    [Fact]
    public void A_list_without_errors_serves_the_next_object()
    {
        var errors = FieldErrors.Take();
        errors.At("spec").At("a");
        errors.Return();
        var next = FieldErrors.Take();
        next.At("metadata").Required();
        Assert.Equal("metadata", Assert.Single(next.All).Field);
        next.Return();

        Assert.True(FieldErrors.Take().IsEmpty);
    }
}
