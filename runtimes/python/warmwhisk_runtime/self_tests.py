"""A little work for modules that are known to mind a fork: each test takes the loaded module, and raises when its result is wrong."""


def expect(condition, what):
    if not condition:
        raise AssertionError(f"{what} is wrong")


def test_numpy(numpy):
    """BLAS and LAPACK: big enough for a product in blocks."""
    left = numpy.arange(128 * 128, dtype=float).reshape(128, 128) % 7
    expect(numpy.array_equal(left @ numpy.eye(128), left), "a product")
    system = left + numpy.eye(128) * 1000
    expect(numpy.allclose(system @ numpy.linalg.solve(system, left), left), "a solution")


def test_torch(torch):
    """A product, and the way back through it."""
    left = torch.ones(64, 64, requires_grad=True)
    product = left @ torch.full((64, 64), 2.0)
    product.sum().backward()
    expect(bool((left.grad == 128).all()), "a gradient")


def test_pandas(pandas):
    frame = pandas.DataFrame({"key": ["a", "b", "a"], "value": [1, 2, 3]})
    expect(frame.groupby("key")["value"].sum().to_dict() == {"a": 4, "b": 2}, "a sum of groups")


def test_sklearn(linear_model):
    model = linear_model.LinearRegression().fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
    expect(abs(model.predict([[3.0]])[0] - 7) < 1e-6, "a prediction")


def test_cv2(cv2):
    import numpy

    image = numpy.full((64, 64, 3), 100, dtype=numpy.uint8)
    expect(bool((cv2.GaussianBlur(image, (5, 5), 0) == 100).all()), "a blur")


def test_pillow(image):
    import io

    target = io.BytesIO()
    image.new("RGB", (16, 16), "red").resize((8, 8)).save(target, "PNG")
    expect(image.open(target).getpixel((4, 4)) == (255, 0, 0), "a picture")


SELF_TESTS = (
    ("numpy", test_numpy),
    ("torch", test_torch),
    ("pandas", test_pandas),
    ("sklearn.linear_model", test_sklearn),
    ("cv2", test_cv2),
    ("PIL.Image", test_pillow),
)
