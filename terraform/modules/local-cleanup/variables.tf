# Everything comes from the environment; see main.tf.
